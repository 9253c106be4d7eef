using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>What an expression may ask of its surroundings. `%resource` and `%rootResource` follow from the focus.</summary>
public sealed record FhirPathContext(TimeProvider Clock)
{
    /// <summary>`%resource`, if it is not the focus's own resource: a rule stated on `contained` is about the container.</summary>
    public Node Resource { get; init; }
    /// <summary>`resolve()`: the node a reference points at, or Missing. Null: only contained and bundled targets are found.</summary>
    public Func<string, Node>? Resolve { get; init; }
    /// <summary>`memberOf()`: value set, system, code → is member; null when undecided. Without it R4's own value sets answer.</summary>
    public Func<string, string?, string, bool?>? MemberOf { get; init; }
    /// <summary>`conformsTo()`: null when the profile is unknown. Without it R4's own types answer.</summary>
    public Func<Node, string, bool?>? ConformsTo { get; init; }
    /// <summary>Values of `%name` beyond the standard ones.</summary>
    public IReadOnlyDictionary<string, Node>? Variables { get; init; }
    /// <summary>Computed values of `%name`, none, one or several, asked after `Variables`.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Item>>? Values { get; init; }
    /// <summary>How many steps an evaluation may take before it stops with a FhirPathException; 0 for no limit. Set it for expressions from
    /// outside.</summary>
    public int MaxSteps { get; init; }
    /// <summary>Steps that all evaluations in this context share, so that many cheap ones do not add up; instead of MaxSteps.</summary>
    public StepBudget? Budget { get; init; }

    internal bool IsLimited => MaxSteps > 0 || Budget != null;
}

/// <summary>For one thread at a time, as a validation is.</summary>
public sealed class StepBudget(long steps)
{
    public long Left { get; internal set; } = steps;
}
