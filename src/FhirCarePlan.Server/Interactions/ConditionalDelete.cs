using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Deletes what meets the criteria in the caller's view: one resource, or several if the setting allows it, all or none. Where
/// nothing does, it is done already. https://hl7.org/fhir/R4/http.html#3.1.0.7.1</summary>
public static class ConditionalDelete
{
    /// <summary>So many are deleted at once.</summary>
    public const int Most = 100;

    public static Answer Perform(Exchange asked)
    {
        var (work, request) = (asked.Work, asked.Request);
        var most = work.Engine.DeletesSeveral ? Most : 1;
        if (Criteria.Read(work, request.Type, request.Query, out var unclear, most: most + 1) is not { } criteria) return unclear!;
        var found = criteria.FindAndRely(work, out var closed);
        if (closed != null) return closed;
        if (found.Count > most) return most == 1 ? criteria.Several() : Answer.Refuse(AnswerKind.Stale, IssueType.TooCostly,
            $"The criteria match more than {most} resources in your view. Narrow them, and delete in several steps", key: "criteria");
        if (found.Count == 0 && request.IfMatch is { Length: > 0 } && Preconditions.Check(work, request, null) is { } unmet) return unmet;
        var answer = new Answer(AnswerKind.NoContent);
        foreach (var id in found)
        {
            if (Criteria.Overlap(work, request.Type, id) is { } overlap) return overlap;
            answer = asked.Pipeline.Perform(work, request with { Interaction = Table.Delete, Id = id, Query = "" });
            if (!answer.IsSuccess) return answer;
        }
        return found.Count > 1 ? new Answer(AnswerKind.NoContent) : answer;
    }
}
