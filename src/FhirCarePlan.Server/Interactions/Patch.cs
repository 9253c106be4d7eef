using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Patching;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions;

/// <summary>A change of the resource as the caller sees it. What comes out goes the way of an update, so that a patch can do nothing that an
/// update cannot, and is refused as one (src/docs/sharing.md#writing-from-a-view). https://hl7.org/fhir/R4/http.html#patch</summary>
public static class Patch
{
    public static Answer Perform(Exchange asked)
    {
        var (work, request, seen) = (asked.Work, asked.Request, asked.Seen);
        // Scopes may let a caller change what they may not read; a patch could ask for it piece by piece.
        if (work.Sight.See(seen.Version) is null) return ScopeDoor.Insufficient(work.Caller, "read", request.Type);
        // Noted as shown: the operation `test` asks for values.
        var view = work.Show(seen, work.Sight.Shown(seen));
        var outcome = ResourcePatch.Apply(request.PatchFormat, request.Body, request.BodyFormat, view, work.Engine.Clock);
        if (outcome.Issues.Count > 0) return Refused(outcome.Issues);
        var report = new Report();
        if (work.Reading.Parse(outcome.Body, report, outcome.Format) is not { } patched) return Refused(Placeless(report.Issues));
        if (Refusals.Mismatch(patched.Root, request) is { } mismatch) return mismatch with { Issues = Placeless(mismatch.Issues) };
        var answer = Update.Perform(asked with { Sent = patched });
        return answer with { Issues = Placeless(answer.Issues), Notes = Placeless(answer.Notes) };
    }

    /// <summary>A patch of the one resource in the caller's view that meets the criteria.</summary>
    public static Answer OfMatch(Exchange asked)
    {
        var (work, request) = (asked.Work, asked.Request);
        if (Criteria.Read(work, request.Type, request.Query, out var unclear) is not { } criteria) return unclear!;
        return criteria.FindAndRely(work, out var closed) switch
        {
            [] when closed != null => closed,
            [] => Answer.NotHere,
            [var only] => Criteria.Overlap(work, request.Type, only) ?? asked.Pipeline.Perform(work, request with { Interaction = WriteRows.Patch, Id = only, Query = "" }),
            _ => criteria.Several(),
        };
    }

    private static Answer Refused(IReadOnlyList<Issue> issues) => issues.Any(i => i.Code == IssueType.TooCostly)
        ? new Answer(AnswerKind.TooLarge) { Issues = issues } : Answer.Invalid(issues);

    /// <summary>Lines of a text that nobody sent say nothing.</summary>
    private static List<Issue> Placeless(IReadOnlyList<Issue> issues) => [.. issues.Select(i => i with { Line = 0, Column = 0, IsMalformed = false })];
}
