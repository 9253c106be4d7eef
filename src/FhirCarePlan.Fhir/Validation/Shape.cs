using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Rules;

namespace FhirCarePlan.Fhir.Validation;

/// <summary>A rule for a node. It writes its findings into the run and allocates nothing when all is well.</summary>
internal interface IRule
{
    void Check(Node node, Run run);
}

/// <summary>All rules for instances of one type: those of base R4, or those that a profile adds. A flat table: the rules of an element are
/// found by its position among the type's elements.</summary>
internal sealed class Shape
{
    public required TypeInfo Type { get; init; }
    /// <summary>Canonical of the profile; null for base R4.</summary>
    public string? Profile { get; init; }
    /// <summary>Rules on the instance as a whole.</summary>
    public IRule[] Rules { get; init; } = [];
    /// <summary>By ElementInfo.Order; null where there is nothing to check.</summary>
    public required ElementRules?[] Elements { get; init; }
    /// <summary>Bit n is set when element n must occur.</summary>
    public ulong Required { get; init; }
    /// <summary>How the value of a primitive is written.</summary>
    public Format Format { get; init; }
    public bool IsEmpty => Required == 0 && Rules.Length == 0 && Array.TrueForAll(Elements, e => e == null);
}

/// <summary>The rules for one element of a type.</summary>
internal sealed class ElementRules
{
    public required ElementInfo Info { get; init; }
    public string? Profile { get; init; }
    public int Min { get; init; }
    public int Max { get; init; } = int.MaxValue;
    /// <summary>For each repetition.</summary>
    public IRule[] Rules { get; init; } = [];
    /// <summary>For all repetitions together.</summary>
    public Slicer? Slicer { get; init; }
    /// <summary>The profile's rules below the element; null for none.</summary>
    public Below? Below { get; init; }

    /// <summary>The whole range; `Min` and `Max` hold only what is new.</summary>
    public (int Min, int Max)? Allowed { get; init; }

    public override string ToString() => Cardinality.Range(Allowed?.Min ?? Min, Allowed?.Max ?? Max);
}

/// <summary>Shapes for the children of an element, by the type the instance has.</summary>
internal sealed class Below(Func<TypeInfo, Shape?> compile)
{
    private (TypeInfo Type, Shape? Shape)[] known = [];

    public Shape? For(TypeInfo type)
    {
        foreach (var (seen, shape) in known)
            if (ReferenceEquals(seen, type)) return shape;
        var compiled = compile(type);
        known = [.. known, (type, compiled)]; // two threads may both do this; either result is right
        return compiled;
    }
}
