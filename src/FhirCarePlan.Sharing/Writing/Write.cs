using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>One resource about to be written.</summary>
/// <param name="Action">`create`, `update`, `delete`.</param>
/// <param name="New">Null for a deletion.</param>
/// <param name="Old">Null for a creation.</param>
/// <param name="Person">The person it is about: for an update the old one's, since that never changes.</param>
public sealed record Write(Caller Caller, string Action, string Type, string Id, Document? New, Known? Old, string? Person)
{
    public string Reference => $"{Type}/{Id}";
}

/// <summary>Why the caller may not write so: facts about the caller only. Answered 403.</summary>
/// <param name="Gate">`G2`, `right:manage-team`, `holder` …, for the audit trail.</param>
public sealed record Refusal(string Gate, string Text);

/// <summary>The effects of a write besides storing: relationships, consents, identity. Null members: nothing changes there.</summary>
public sealed class Effects
{
    /// <summary>The person the resource is about; null for the directory.</summary>
    public string? Person { get; set; }
    /// <summary>A Patient that made a person of its own.</summary>
    public bool IsNewPerson { get; set; }
    /// <summary>Replace all ties that this resource caused.</summary>
    public IReadOnlyList<Tie>? Ties { get; set; }
    public PatientIdentity? Identity { get; set; }
    /// <summary>The Consent's statement; `Facts` null: it no longer says anything.</summary>
    public ConsentEffect? Consent { get; set; }
    /// <summary>Labels of the old version that an ordinary write may not take away.</summary>
    public IReadOnlyList<Label> KeptLabels { get; set; } = [];
    /// <summary>True when more may become visible to somebody: audited as such.</summary>
    public bool IsWidening { get; set; }
}

/// <param name="StatedNumbers">NHS numbers in it that nobody verified: refusals of the person with that number bind this person
/// too.</param>
/// <param name="IsConfirmed">Written by a registrar who speaks for everybody (`confirm`).</param>
public sealed record PatientIdentity(string PatientId, string Person, string? VerifiedNumber, IReadOnlyList<string> StatedNumbers,
    bool IsConfirmed = false);
public sealed record ConsentEffect(string ConsentId, string? Facts, DateTimeOffset? LapsesAt);
public sealed record Label(string? System, string Code);

/// <summary>The judgement: a refusal (403), issues (422), or the effects.</summary>
public sealed record Verdict(Refusal? Refusal, IReadOnlyList<Issue> Issues, Effects Effects)
{
    public bool IsAllowed => Refusal is null && Issues.All(i => !i.IsError);
}
