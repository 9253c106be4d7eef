using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Operations;

/// <summary>Checks a resource without storing it; 200 whenever it ran, with or without errors found. Open to every authenticated caller,
/// for every type of R4. https://hl7.org/fhir/R4/resource-operation-validate.html</summary>
public static class Validate
{
    public static Answer Perform(Exchange asked)
    {
        var (work, request) = (asked.Work, asked.Request);
        var question = new ValidateQuestion();
        if (question.ReadAddress(request.Query) is { } misunderstood) return misunderstood;
        var report = new Report();
        if (request.Body.Length > 0)
        {
            if (work.Reading.Parse(request.Body, report, request.BodyFormat) is not { } body) return Outcome(report);
            if (question.ReadBody(body, request.Type) is { } refusal) return refusal;
        }
        var isInstance = request.Interaction.Level == Level.Instance;
        if (question.Mode is "update" or "delete" or "profile" && !isInstance)
            return Refuse($"`mode={question.Mode}` needs the resource's id: {request.Type}/[id]/$validate");
        var validator = Knowing(work, question.Profiles);
        foreach (var profile in question.Profiles)
            if (validator.ProblemWith(profile) is { } problem)
                return Answer.Refuse(AnswerKind.Malformed, IssueType.NotFound, problem, key: "profile");
        if (question.Mode is "create" or "update" or "delete") return ValidateWrite.Perform(asked, question);
        var resource = question.Resource;
        if (resource.IsMissing || question.Mode == "profile")
        {
            if (!isInstance) return Refuse("There is no resource to validate. Send it as the body, or as the parameter `resource`");
            // The stored resource as the caller sees it: hidden faults stay hidden.
            if (asked.Target.Seen is not { Version.IsDeleted: false } seen) return Answer.NotHere;
            resource = work.Reading.Parse(work.Show(seen).Body).Root;
        }

        if (resource.Type.Name != request.Type)
            report.Add(new Issue(IssueSeverity.Error, IssueType.Invalid, resource.Type.Name, $"The body is a `{resource.Type.Name}`; the address says `{request.Type}`") { Key = "type-mismatch" });
        else Check(work, resource, report, question.Profiles);
        return Outcome(report);
    }

    internal static void Check(Work work, Node resource, Report report, IReadOnlyList<string> profiles)
    {
        var found = new Report();
        work.Engine.Validation.Check(Knowing(work, profiles), resource, found, profiles, work.InForce.Protocol.KindOf(work.Caller.Party), forms: StoredForms.Of(work, resource),
            elsewhere: work.Codes is { } codes ? codes.Contains : null);
        // The caller asks about the resource, not about the Parameters around it.
        var around = resource.Location;
        foreach (var issue in found.Issues)
            report.Add(issue.Expression.StartsWith(around, StringComparison.Ordinal) ? issue with { Expression = resource.Type.Name + issue.Expression[around.Length..] } : issue);
    }

    /// <summary>The server's own validator; where a profile asked for is none of its, one that knows the drafts too.</summary>
    private static Validator Knowing(Work work, IReadOnlyList<string> profiles)
    {
        var own = work.Engine.Validation.Validator;
        foreach (var profile in profiles)
            if (own.ProblemWith(profile) != null) return Drafts.Validator(work);
        return own;
    }

    private static Answer Outcome(Report report)
    {
        if (report.Issues.Any(i => i.IsMalformed)) return Answer.Invalid(report.Issues);
        return new Answer(AnswerKind.Ok) { Body = OutcomeJson.Write(report.IsEmpty ? [Validation.AllOk] : report.Issues) };
    }

    private static Answer Refuse(string text) => Answer.Refuse(AnswerKind.Malformed, IssueType.Required, text, key: "parameter");
}
