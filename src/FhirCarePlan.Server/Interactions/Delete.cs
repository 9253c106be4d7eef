using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Ends a resource; its versions stay. https://hl7.org/fhir/R4/http.html#delete</summary>
public static class Delete
{
    public static Answer Perform(Exchange asked)
    {
        var (work, request, seen) = (asked.Work, asked.Request, asked.Seen);
        if (seen.Version.IsDeleted) return new Answer(AnswerKind.NoContent);
        var current = asked.Target.Stored!;
        var old = work.Reading.KnownOf(current)!;
        var kinds = current.Person is { } person ? work.Sight.Kinds(person) : 0;
        var verdict = work.InForce.Writing.Judge(new(work.Caller, "delete", request.Type, request.Id, null, old, current.Person), kinds,
            work.World);
        if (verdict.Refusal is { } because) return Refusals.Forbidden(because);
        if (!verdict.IsAllowed) return Answer.Invalid(verdict.Issues);
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
        work.Staging.Write(new Staged(new VersionToWrite(tombstone, []) { Replaces = current.VersionId }, verdict.Effects, null, old));
        work.Ledger.Written(tombstone, seen.Decision, verdict.Effects.IsWidening);
        return new Answer(AnswerKind.NoContent) { VersionId = tombstone.VersionId };
    }
}
