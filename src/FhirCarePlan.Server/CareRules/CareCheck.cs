using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Interactions;

namespace FhirCarePlan.Server.CareRules;

/// <summary>Where the rules stand in the path of a write: after everything is staged, before anything is committed. Errors refuse it all; warnings
/// go into the answer for whoever asks for an OperationOutcome.</summary>
public static class CareCheck
{
    /// <summary>A request alone: the answer it gets.</summary>
    public static Answer Of(Work work, FhirRequest request, Answer answer)
    {
        if (!answer.IsSuccess || work.AllWritten.Count == 0) return answer;
        var notes = new List<Issue>(answer.Notes);
        foreach (var (_, says) in work.Engine.Rules.Check(work)) notes.AddRange(says.Issues);
        if (!notes.Exists(n => n.IsError)) return Told(answer, request.Return, notes);
        work.ForgetPermits();
        return Store.Invalid(work, request, notes) with { Kind = KindOf(notes) };
    }

    /// <summary>All entries of a transaction: each with its notes, or the failure of the first that a rule refuses.</summary>
    public static Answer? Of(Work work, BundleEntries entries, Answer[] answers)
    {
        var said = work.AllWritten.Count == 0 ? [] : work.Engine.Rules.Check(work);
        var failures = new List<Issue>();
        for (var i = 0; i < answers.Length; i++)
        {
            if (entries.All[i].Request is not { Interaction: Interaction.Create or Interaction.Update or Interaction.Delete } request) continue;
            var notes = new List<Issue>(answers[i].Notes);
            foreach (var (of, says) in said)
                if (of.Type == request.Type && of.Id == request.Id) notes.AddRange(says.Issues);
            if (notes.Exists(n => n.IsError)) failures.AddRange(notes.Select(n => Bundles.Placed(n, i)));
            answers[i] = Told(answers[i], request.Return, notes);
        }
        return failures.Count == 0 ? null : new Answer(KindOf(failures)) { Issues = failures };
    }

    /// <summary>What is there already is a conflict (409); all else is unprocessable.</summary>
    private static AnswerKind KindOf(List<Issue> issues) =>
        issues.TrueForAll(i => !i.IsError || i.Code == IssueType.Duplicate) ? AnswerKind.Conflict : AnswerKind.Unprocessable;

    private static Answer Told(Answer answer, Return preference, List<Issue> notes) => preference == Return.OperationOutcome
        ? answer with { Body = default, Issues = notes.Count > 0 ? notes : [Validation.AllOk] }
        : answer;
}
