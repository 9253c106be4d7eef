using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions;

/// <summary>An update of the one resource in the caller's view that meets the criteria, or a create where none does.
/// https://hl7.org/fhir/R4/http.html#cond-update</summary>
public static class ConditionalUpdate
{
    public static Answer Perform(Exchange asked)
    {
        var (work, request) = (asked.Work, asked.Request);
        if (Criteria.Read(work, request.Type, request.Query, out var unclear) is not { } criteria) return unclear!;
        return Decide(work, request, criteria, asked.Sent!.Root, out var refusal) is { } write ? asked.Pipeline.Perform(work, write) : refusal!;
    }

    /// <summary>The update or create that it comes to; null, with the refusal, where it comes to nothing.</summary>
    internal static FhirRequest? Decide(Work work, FhirRequest request, Criteria criteria, Node sent, out Answer? refusal)
    {
        var (found, given) = (criteria.FindAndRely(work, out refusal), sent.TextOf("id"));
        if (refusal != null) return null;
        if (found.Count > 1) refusal = criteria.Several();
        else if (found is [var only])
        {
            if (given is null || given == only) return Update(only);
            refusal = Answer.Refuse(AnswerKind.Malformed, IssueType.Invalid,
                "The criteria match a resource with another `id` than the body's. Leave the id out, or send the one of the resource", $"{request.Type}.id", "id-mismatch");
        }
        else if (given != null)
        {
            // As an update to an id that is not there, which is a right of the party; but not of one that is there and does not match.
            var update = Update(given);
            if (Target.Find(work, update).Seen is not { Version.IsDeleted: false }) return update;
            refusal = Answer.Refuse(AnswerKind.Conflict, IssueType.Conflict,
                "The body's `id` is that of a resource that does not meet the criteria. Leave the id out to create another", $"{request.Type}.id", "id-mismatch");
        }
        else if (request.IfMatch is not { Length: > 0 } || (refusal = Preconditions.Check(work, request, null)) is null)
            return request with { Interaction = Table.Create, Id = RandomId.Next(), Query = "" };
        return null;

        FhirRequest Update(string id) => request with { Interaction = Table.Update, Id = id, Query = "", IsConditional = true };
    }
}
