using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>The lookups of the write rules: the committed state, never what the same request is about to write
/// (src/docs/sharing.md#transactions).</summary>
public interface IWorld
{
    /// <summary>The current version, in view or not; null when there is none or it is deleted.</summary>
    Known? Find(string type, string id);
    /// <summary>A resource that the same request has created, by the same caller; null for any other.</summary>
    Known? FindNew(string type, string id);
    string? PersonOfPatient(string patientId);
    /// <summary>Everything that parties have asserted about the person, in view or not: to find again what the same resource
    /// caused.</summary>
    IReadOnlyList<Tie> Ties(string person);
    /// <summary>True when the caller's view holds the resource.</summary>
    bool IsInView(string type, string id);
    /// <summary>A new random key.</summary>
    string NewPerson();
    DateTimeOffset Now { get; }
}

/// <summary>A stored resource with the facts beside its content.</summary>
public sealed record Known(string Type, string Id, string Holder, string? Person, Document Document);

/// <summary>A relationship between a person and a party, as somebody asserted it. `Kind`: one bit of Relation. `Actor`: the only one of the
/// party who has it; null for all. `Cause`: the resource it follows from, `CareTeam/x`. `Asserter`: the party whose word it is; `*` a
/// registrar who speaks for everybody. `Answers`: of what a referral's answer caused, the request it answers.</summary>
public sealed record Tie(string Person, string Party, long Kind, string? Actor, DateTimeOffset From, DateTimeOffset? To, string Cause,
    string Asserter, string? Answers = null)
{
    public bool Holds(DateTimeOffset now) => From <= now && (To is null || To > now);
}
