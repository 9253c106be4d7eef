using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Storage;

/// <summary>The reader of events. An event tells its agent's party no more than the answer did, and a holder's party what concerns that
/// holder; the owner of the protocol oversees the others, not itself (src/docs/sharing.md#the-ledger).</summary>
/// <param name="Party">The reader's party. Null with `Person`: the person reads what concerns them, from every holder.</param>
/// <param name="IsOwner">The party owns the protocol.</param>
/// <param name="Person">Only what concerns this person.</param>
public sealed record AuditReader(string? Party, bool IsOwner = false, string? Person = null)
{
    /// <summary>The event as this reader may see it; null when it is not in the reader's view.</summary>
    public AuditEntry? See(AuditEntry entry)
    {
        var details = entry.Details.All(Sees) ? entry.Details : [.. entry.Details.Where(Sees)];
        if (Person is null && (IsOwner || IsOwn(entry)))
            return ReferenceEquals(details, entry.Details) ? entry : entry with { Details = details };
        // Other parties see an event because of a detail, and its target only as far as that detail names it.
        return details.Count == 0 ? null : entry with { Details = details, Target = TargetWithin(entry.Target, details) };

        bool Sees(AuditDetail detail) => SeesDetail(entry, detail);
    }

    private bool IsOwn(AuditEntry entry) => entry.Party is { } party && party == Party;

    private bool SeesDetail(AuditEntry entry, AuditDetail detail)
    {
        if (Person is not null && detail.Person != Person) return false;
        if (Party is null) return Person is not null;
        return IsOwn(entry) ? detail.Kind != AuditDetailKind.Refused : IsOwner || detail.Holder == Party;
    }

    private static string TargetWithin(string target, IReadOnlyList<AuditDetail> details) =>
        Reference.TryKey(target, out var type, out _) && !details.Any(d => d.Patient == target || d.Ids.Contains(target)) ? type : target;
}
