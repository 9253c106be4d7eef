namespace FhirCarePlan.Server.Interactions;

/// <summary>One version. Who has a partial view of the type sees his current version only; any other is the one 404 (sharing.md §7).
/// https://hl7.org/fhir/R4/http.html#vread</summary>
public static class VRead
{
    public static Answer Perform(Work work, FhirRequest request)
    {
        if (request.Type == "AuditEvent") return AuditEvents.Read(work, request);
        if (PartAsked.Of(request.Query, out var subset) is { } refusal) return refusal;
        var current = work.Snapshot.Find(request.Type, request.Id);
        var seen = work.Sight.See(current);
        if (seen is not null && work.Sight.Shown(seen).VersionId != request.VersionId)
        {
            // Old versions are decided by today's rules and by their own labels.
            var old = work.InForce.IsWhole(seen) ? work.Snapshot.FindVersion(request.Type, request.Id, request.VersionId) : null;
            seen = work.Sight.See(old) is { } older && work.InForce.IsWhole(older) ? older : null;
        }
        if (seen is null) return Trail.Refused(work, request, current, NotHere.Answer(work));
        Trail.Permitted(work, request, seen);
        return seen.Version.IsDeleted ? Read.Gone : Read.View(work, seen, subset);
    }
}
