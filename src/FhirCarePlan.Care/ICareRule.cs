using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Care;

/// <summary>A rule that needs more than one resource, or the version before. It looks at the state that a unit of work leaves behind,
/// through the writer's eyes: it does not see what the writer may not see, so its answer cannot tell
/// (src/docs/sharing.md#statuses).</summary>
public interface ICareRule
{
    /// <summary>`X8`, `cpa-state-careplan`: what an issue is found by.</summary>
    string Id { get; }

    /// <summary>The rule reads content of these categories of the sharing protocol, besides the resource that is written. A writer who may
    /// not see one of them gets the answer for an empty record.</summary>
    IReadOnlyList<string> Reads { get; }

    /// <summary>Called for every resource a unit of work creates, updates or deletes.</summary>
    void Check(Written written, ICase around, Report report);
}

/// <summary>One resource as a unit of work leaves it, and as it was.</summary>
/// <param name="Now">As it was sent; null for a deletion.</param>
/// <param name="Before">Null for a new resource. A deleted resource comes back as it was when it was deleted.</param>
public sealed record Written(Recorded? Now, Recorded? Before)
{
    private Recorded Either => Now ?? Before!;
    public string Type => Either.Type;
    public string Id => Either.Id;
    public string? Person => Either.Person;
    public string Reference => $"{Type}/{Id}";
    public Node Root => Now?.Document.Root ?? Node.Missing;
    public Node Old => Before?.Document.Root ?? Node.Missing;
}
