using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Profiles;

/// <summary>One element of a differential or snapshot. In a differential everything may be unstated (null, Missing, empty).
/// https://hl7.org/fhir/R4/elementdefinition.html</summary>
public sealed record ElementDefinition
{
    public string? Id { get; init; }
    public required string Path { get; init; }
    public string? SliceName { get; init; }
    public Slicing? Slicing { get; init; }
    public int? Min { get; init; }
    /// <summary>int.MaxValue for `*`.</summary>
    public int? Max { get; init; }
    public IReadOnlyList<ElementType> Types { get; init; } = [];
    /// <summary>`#Questionnaire.item`; in other people's definitions also with the type's address before `#`.</summary>
    public string? ContentReference { get; init; }
    public Node Fixed { get; init; }
    public Node Pattern { get; init; }
    public Node MinValue { get; init; }
    public Node MaxValue { get; init; }
    public int? MaxLength { get; init; }
    /// <summary>The `minLength` extension.</summary>
    public int? MinLength { get; init; }
    public ElementBinding? Binding { get; init; }
    /// <summary>What profiles add. Rules of base R4 belong to the type and are not repeated here.</summary>
    public IReadOnlyList<Invariant> Constraints { get; init; } = [];
    public bool? MustSupport { get; init; }
    public bool? IsModifier { get; init; }
    public bool? IsSummary { get; init; }
    /// <summary>True when a profile requires a value where R4 accepts an extension alone (`elementdefinition-mustHaveValue` and R5's
    /// element).</summary>
    public bool MustHaveValue { get; init; }
    /// <summary>True where R4's publisher repeated the rules of a type that the differential restates.</summary>
    public bool RepeatsRulesOfType { get; init; }
    /// <summary>The element as written, for texts and mappings; Missing for base R4, which comes as facts.</summary>
    public Node Source { get; init; }
    /// <summary>The inherited definitions as they were written, the nearest first.</summary>
    public IReadOnlyList<Node> Older { get; init; } = [];

    /// <summary>`activity` of `CarePlan.activity`.</summary>
    public string Name => Path[(Path.LastIndexOf('.') + 1)..];

    public override string ToString() => Id ?? Path;
}

/// <param name="Code">`Quantity`; for `id` and the like, published as a FHIRPath type, the FHIR type.</param>
/// <param name="Profiles">Canonicals of which the value must meet one; empty for the plain type.</param>
/// <param name="Targets">Canonicals of which a reference's target must meet one; empty for any.</param>
/// <param name="Aggregation">`contained`, `referenced`, `bundled`; empty for any.</param>
public sealed record ElementType(string Code, IReadOnlyList<string> Profiles, IReadOnlyList<string> Targets,
    IReadOnlyList<string> Aggregation, string? Versioning);

/// <param name="Strength">Null in a differential that states only a value set.</param>
/// <param name="MaxValueSet">The `elementdefinition-maxValueSet` extension: every code must be in it.</param>
public sealed record ElementBinding(BindingStrength? Strength, string? ValueSet, string? MaxValueSet);

public enum SlicingRules { Open, Closed, OpenAtEnd }

public sealed record Slicing(IReadOnlyList<Discriminator> Discriminators, bool Ordered, SlicingRules Rules)
{
    /// <summary>Extensions are always sliced by url; profiles need not say so.</summary>
    public static Slicing ByUrl { get; } = new([new Discriminator("value", "url")], false, SlicingRules.Open);
    /// <summary>A choice of types is always sliced by type.</summary>
    public static Slicing ByType { get; } = new([new Discriminator("type", "$this")], false, SlicingRules.Open);
}

/// <param name="Type">`value`, `exists`, `pattern`, `type`, `profile`.</param>
public sealed record Discriminator(string Type, string Path);
