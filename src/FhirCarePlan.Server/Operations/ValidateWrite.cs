using System.Buffers;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Operations;

/// <summary>`$validate` with `mode`: the answer that the write itself would give, from the same code and so in the same words: right,
/// decision, profiles, rules of care and status. It writes nothing and tells no more than the write would. The audit trail shows a
/// validation. `If-Match` counts if it is sent. https://hl7.org/fhir/R4/valueset-resource-validation-mode.html</summary>
internal static class ValidateWrite
{
    /// <param name="question">Of mode `create`, `update` or `delete`.</param>
    public static Answer Perform(Exchange asked, ValidateQuestion question)
    {
        var (work, resource) = (asked.Work, question.Resource);
        if (resource.IsMissing && question.Mode != "delete")
            return Answer.Refuse(AnswerKind.Malformed, IssueType.Required,
                $"`mode={question.Mode}` needs the resource that would be written. Send it as the body, or as the parameter `resource`",
                key: "parameter");

        var write = Write(asked, question);
        var answer = work.Try(() => CareCheck.Of(work, write, asked.Pipeline.Perform(work, write)));
        // Nothing was written, although the ledger was told so.
        work.Ledger.KeepRefusals();
        // Where there is nothing, or nothing that could be read, nothing was validated.
        if (answer.Kind is AnswerKind.NotFound or AnswerKind.Gone or AnswerKind.Malformed) return answer;
        var issues = new List<Issue>(answer.Issues);
        if (question.Profiles.Count > 0 && !resource.IsMissing) AddProfiles(work, resource, question.Profiles, issues);
        return new Answer(AnswerKind.Ok) { Body = OutcomeJson.Write(issues.Count > 0 ? issues : [Core.Validation.AllOk]) };
    }

    private static FhirRequest Write(Exchange asked, ValidateQuestion question)
    {
        var write = asked.Request with
        {
            Interaction = asked.Pipeline.Table.Writing(question.Mode!),
            Id = question.Mode == "create" ? "" : asked.Request.Id,
            Prefers = Return.OperationOutcome,
            IsTrial = true,
        };
        // A body that is the resource keeps its lines and columns; one within Parameters is taken out.
        return question.Resource.IsMissing || question.Resource.IsRoot
            ? write : write with { Body = Alone(question.Resource), BodyFormat = ResourceFormat.Json };
    }

    private static ReadOnlyMemory<byte> Alone(Node resource)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        CanonicalJson.Write(resource, buffer);
        return buffer.WrittenMemory;
    }

    private static void AddProfiles(Work work, Node resource, IReadOnlyList<string> profiles, List<Issue> issues)
    {
        var report = new Report();
        Validate.Check(work, resource, report, profiles);
        foreach (var issue in report.Issues)
            if (!issues.Contains(issue)) issues.Add(issue);
        if (issues.Count > 1) issues.Remove(Core.Validation.AllOk);
    }
}
