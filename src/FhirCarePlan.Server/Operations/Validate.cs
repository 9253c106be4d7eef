using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Http;
using FhirCarePlan.Server.Interactions;

namespace FhirCarePlan.Server.Operations;

/// <summary>Checks a resource without storing it; 200 whenever it ran, whatever it found. Open to every authenticated caller.
/// https://hl7.org/fhir/R4/resource-operation-validate.html</summary>
public static class Validate
{
    private static readonly string[] Allowed = ["profile", "mode", "_format", "_pretty"];

    public static Answer Perform(Work work, FhirRequest request)
    {
        var profiles = new List<string>();
        foreach (var pair in request.Query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf('=');
            var name = Uri.UnescapeDataString(at < 0 ? pair : pair[..at]);
            if (!Allowed.Contains(name)) return Answer.Refuse(AnswerKind.Malformed, IssueType.Invalid, $"$validate takes the parameters {string.Join(", ", Allowed)} only", key: "parameter");
            if (name == "profile" && at > 0) profiles.Add(Uri.UnescapeDataString(pair[(at + 1)..].Replace('+', ' ')));
        }
        return request.Interaction == Interaction.ValidateInstance ? Instance(work, request, profiles) : Body(work, request, request.Body, request.BodyFormat, profiles);
    }

    /// <summary>The stored resource as the caller sees it: hidden faults stay hidden.</summary>
    private static Answer Instance(Work work, FhirRequest request, List<string> profiles)
    {
        var version = work.Snapshot.Find(request.Type, request.Id);
        if (work.Sight.See(version) is not { Version.IsDeleted: false } seen) return Trail.Refused(work, request, version, NotHere.Answer(work));
        return Body(work, request, work.InForce.View(seen, work.Sight.Shown(seen), null), ResourceFormat.Json, profiles);
    }

    private static Answer Body(Work work, FhirRequest request, ReadOnlyMemory<byte> body, ResourceFormat format, List<string> profiles)
    {
        var report = new Report();
        var document = work.Parse(body, report, format);
        if (document != null && document.Type.Name != request.Type)
            report.Add(new Issue(IssueSeverity.Error, IssueType.Invalid, document.Type.Name, $"The body is a `{document.Type.Name}`, the address says `{request.Type}`") { Key = "type-mismatch" });
        else if (document != null) work.Engine.Validation.Check(document, report, profiles);
        Trail.Other(work, request, true, reason: report.HasErrors ? "invalid" : null);
        if (report.Issues.Any(i => i.IsMalformed)) return Answer.Invalid(report.Issues);
        return new Answer(AnswerKind.Ok) { Body = OutcomeJson.Write(report.IsEmpty ? [Validation.AllOk] : report.Issues) };
    }
}
