using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Ends a resource; its versions stay. A Consent is never deleted but withdrawn. https://hl7.org/fhir/R4/http.html#delete</summary>
public static class Delete
{
    public static Answer Perform(Work work, FhirRequest request)
    {
        if (AuditEvents.IsWrittenByServiceAlone(request.Type) is { } refusal) return refusal;
        if (request.Type == "Consent")
            return Answer.Refuse(AnswerKind.NotAllowed, IssueType.NotSupported, "A consent is never deleted; withdraw it by an update to `inactive`") with { Allow = "GET, HEAD, PUT" };
        if (Store.MayWrite(work, request, "delete") is { } forbidden) return forbidden;
        var current = work.Current(request.Type, request.Id);
        if (work.Sight.See(current) is not { } seen) return Trail.Refused(work, request, current, NotHere.Answer(work));
        if (seen.Version.IsDeleted) return new Answer(AnswerKind.NoContent);
        if (Preconditions.Check(work, request, seen) is { } unmet) return unmet;

        var old = work.KnownOf(current)!;
        var kinds = current!.Person is { } person ? work.Sight.Kinds(person) : 0;
        var verdict = work.InForce.Writing.Judge(new(work.Caller, "delete", request.Type, request.Id, null, old, current.Person), kinds, work);
        if (verdict.Refusal is { } because) return Store.Forbid(work, request, because);
        if (!verdict.IsAllowed) return Store.Invalid(work, request, verdict.Issues);
        var tombstone = current with
        {
            VersionId = RandomId.Next(),
            LastUpdated = Store.After(current, work.Now),
            Body = [],
            Labels = [],
            ChangeMask = current.RootMask,
            Changes = [current.RootMask],
            IsDeleted = true,
            Method = "DELETE",
        };
        work.Stage(new VersionToWrite(tombstone, []) { Replaces = current.VersionId }, verdict.Effects, null, old);
        Trail.Written(work, request, tombstone, seen.Decision, verdict.Effects.IsWidening);
        return new Answer(AnswerKind.NoContent) { VersionId = tombstone.VersionId };
    }
}
