using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.CareRules;
using FhirCarePlan.Server.Http;
using FhirCarePlan.Server.Interactions;

namespace FhirCarePlan.Server.Operations;

/// <summary>`$validate` with `mode`: what the write itself would answer, from the same code and so with the same words: right, decision, profiles,
/// rules of care and status. Nothing is written, and no more is told than the write would tell. The audit trail has a validation.
/// `If-Match` counts if it is sent. https://hl7.org/fhir/R4/valueset-resource-validation-mode.html</summary>
public static class ValidateWrite
{
    public static bool IsMode(string mode) => mode is "create" or "update" or "delete";

    /// <param name="mode">`create`, `update` or `delete`.</param>
    /// <param name="body">The resource in the request's format; empty for a deletion.</param>
    /// <param name="profiles">To be met besides.</param>
    public static Answer Perform(Work work, FhirRequest request, string mode, ReadOnlyMemory<byte> body, IReadOnlyList<string> profiles)
    {
        if (body.IsEmpty && mode != "delete")
            return Refuse(work, request, $"`mode={mode}` needs the resource that would be written as the body", "body");
        var id = mode == "create" ? "" : request.Id.Length > 0 ? request.Id : IdOf(work, request, body);
        if (id is null)
            return Refuse(work, request, $"`mode={mode}` needs an id: ask at `{request.Type}/id/$validate`, or give the resource its `id`", "id");

        var write = request with { Interaction = Write(mode), Id = id, Body = body, Return = Return.OperationOutcome, IsTrial = true, IfNoneExist = null };
        var (answer, audited) = work.Try(() => CareCheck.Of(work, write, Pipeline.Perform(work, write)));
        var refusals = audited.Where(a => !a.IsPermitted).ToList();
        foreach (var refusal in refusals) work.Audit(refusal with { Interaction = Trail.Validation });
        if (refusals.Count == 0) Trail.Other(work, request, true);
        // Where there is nothing, or nothing that could be read, nothing was validated.
        if (answer.Kind is AnswerKind.NotFound or AnswerKind.Gone or AnswerKind.Malformed) return answer;
        var issues = new List<Issue>(answer.Issues);
        if (profiles.Count > 0 && mode != "delete") AddProfiles(work, request, body, profiles, issues);
        return new Answer(AnswerKind.Ok) { Body = OutcomeJson.Write(issues.Count > 0 ? issues : [Validation.AllOk]) };
    }

    private static Interaction Write(string mode) => mode switch
    {
        "create" => Interaction.Create,
        "update" => Interaction.Update,
        _ => Interaction.Delete,
    };

    private static void AddProfiles(Work work, FhirRequest request, ReadOnlyMemory<byte> body, IReadOnlyList<string> profiles, List<Issue> issues)
    {
        var report = new Report();
        if (work.Parse(body, report, request.BodyFormat) is { } document) work.Engine.Validation.Check(document, report, profiles);
        foreach (var issue in report.Issues)
            if (!issues.Contains(issue)) issues.Add(issue);
        if (issues.Count > 1) issues.Remove(Validation.AllOk);
    }

    private static string? IdOf(Work work, FhirRequest request, ReadOnlyMemory<byte> body) => body.IsEmpty ? null : work.Parse(body, new Report(), request.BodyFormat)?.Root.TextOf("id");

    private static Answer Refuse(Work work, FhirRequest request, string text, string key)
    {
        Trail.Other(work, request, true, reason: "invalid");
        return Answer.Refuse(AnswerKind.Malformed, IssueType.Required, text, key: key);
    }
}
