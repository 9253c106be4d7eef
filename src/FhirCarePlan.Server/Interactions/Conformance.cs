using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Operations;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions;

/// <summary>Conformance resources sent over REST are drafts: only R4 and the packages decide what is enforced, indexed or permitted, and a
/// draft cannot change their meaning (src/docs/sharing.md#definitions).</summary>
public static class Conformance
{
    /// <summary>409 for a canonical, an id, or a search parameter's base and code, that is known already.</summary>
    public static Answer? Clash(Work work, Node resource, string id)
    {
        var type = resource.Type.Name;
        if (!Sharing.Writing.Rights.IsConformance(type)) return null;
        var catalogue = work.Engine.Definitions.Catalogue;
        if (resource.TextOf("url") is { } url && catalogue.ByUrl(type, url.Split('|')[0]) != null)
            return Answer.Refuse(AnswerKind.Conflict, IssueType.Duplicate,
                "R4 or a package of this server already defines this canonical. Choose another `url`", $"{type}.url", "known-canonical");
        if (catalogue.ById(type, id) != null)
            return Answer.Refuse(AnswerKind.Conflict, IssueType.Duplicate,
                "A definition of R4 or of a package of this server has this id. Choose another", $"{type}.id", "known-canonical");
        if (type == "SearchParameter" && resource.TextOf("code") is { } code)
            foreach (var on in resource.All("base"))
                if (on.Text is { } name && work.Engine.Parameters.Find(name, code) != null)
                    return Answer.Refuse(AnswerKind.Conflict, IssueType.Duplicate,
                        $"`{name}` already has the search parameter `{name}.{code}`. Choose another `code`", on.Location,
                        "known-search-parameter");
        return null;
    }

    /// <summary>Reasons why a valid definition is useless: its snapshot or its rules cannot be made.</summary>
    public static void Check(Work work, Node resource, Report report)
    {
        if (resource.Type.Name != "StructureDefinition" || resource.TextOf("derivation") != "constraint"
            || resource.TextOf("url") is not { } url) return;
        if (PackageFile.Peek("sent", CanonicalJson.Write(resource.Document)) is not { } file) return;
        var set = Drafts.Set(work, [file]);
        var own = new Report();
        if (set.Snapshot(url, own) == null)
            report.Error(IssueType.Invalid, resource, "snapshot",
                $"A snapshot cannot be made: {string.Join("; ", own.Issues.Select(i => i.Text))}");
        else
        {
            foreach (var issue in own.Issues) report.Error(issue.Code, resource, "snapshot", issue.Text);
            if (new Validator(set, work.Engine.Clock).ProblemWith(url) is { } problem)
                report.Error(IssueType.Invalid, resource, "snapshot", problem);
        }
    }
}
