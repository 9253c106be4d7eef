using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Requests;

/// <summary>The place of the rules of care in a write: after everything is staged, before anything is committed. An error refuses the whole
/// write; warnings go into the answer for a client that prefers an OperationOutcome.</summary>
public static class CareCheck
{
    /// <summary>A request alone: the answer it gets.</summary>
    public static Answer Of(Work work, FhirRequest request, Answer answer)
    {
        if (!answer.IsSuccess || work.Staging.IsEmpty) return answer;
        if (Referenced.Of(work) is { } referenced) return referenced;
        var notes = new List<Issue>(answer.Notes);
        var care = new CareCase(work);
        foreach (var (_, says) in work.Engine.Rules.Check(care)) notes.AddRange(says.Issues);
        if (care.Unread.Count > 0) return ScopeDoor.Unread(care.Unread);
        return notes.Exists(n => n.IsError) ? new Answer(KindOf(notes)) { Issues = notes } : Told(answer, request.Return, notes);
    }

    /// <summary>All entries of a transaction: each with its notes, or the failure of those that a rule refuses.</summary>
    /// <param name="requests">Null for an entry that was not a request.</param>
    public static Answer? Of(Work work, IReadOnlyList<FhirRequest?> requests, Answer[] answers)
    {
        if (Referenced.Of(work) is { } referenced) return referenced;
        var care = new CareCase(work);
        var said = work.Staging.IsEmpty ? [] : work.Engine.Rules.Check(care);
        if (care.Unread.Count > 0) return ScopeDoor.Unread(care.Unread);
        var failures = new List<Issue>();
        for (var i = 0; i < answers.Length; i++)
        {
            if (requests[i] is not { Interaction.Writes: true } request) continue;
            var notes = new List<Issue>(answers[i].Notes);
            foreach (var (of, says) in said)
                if (of.Type == request.Type && of.Id == request.Id) notes.AddRange(says.Issues);
            if (notes.Exists(n => n.IsError)) failures.AddRange(notes.Select(n => EntryIssues.Placed(n, i)));
            answers[i] = Told(answers[i], request.Return, notes);
        }
        return failures.Count == 0 ? null : new Answer(KindOf(failures)) { Issues = failures };
    }

    /// <summary>A duplicate is a conflict (409); everything else is unprocessable.</summary>
    private static AnswerKind KindOf(List<Issue> issues) =>
        issues.TrueForAll(i => !i.IsError || i.Code == IssueType.Duplicate) ? AnswerKind.Conflict : AnswerKind.Unprocessable;

    private static Answer Told(Answer answer, Return preference, List<Issue> notes) => preference == Return.OperationOutcome
        ? answer with { Kind = answer.Kind == AnswerKind.NoContent ? AnswerKind.Ok : answer.Kind, Body = default, Issues = notes.Count > 0 ? notes : [Core.Validation.AllOk] }
        : answer;
}
