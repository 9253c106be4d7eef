using FhirCarePlan.Server.Answers;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Guide.Suppliers;

/// <summary>Every status, rule of care, invariant and kind of issue, each with what to do. The lists are those of the program: statuses from
/// its table, rules from `rules.json`, invariants from the package, the rest from `issues.json`, which a test compares with the code.</summary>
public sealed class ErrorsPage(GuidePackage package, RuleTexts rules, IssueTexts issues)
{
    internal Html Write()
    {
        var page = new Html();
        page.Add($"<p>Whatever is refused comes with an OperationOutcome. <code>issue.code</code> is R4's, <code>issue.details.coding.code</code> is the key below, <code>issue.expression</code> is the element, and <code>issue.diagnostics</code> says in words what was found and what to do. Match on the key, never on the words. <code>X-Correlation-Id</code> finds the request in the log of those who run the server.</p>");
        Statuses(page);
        page.Add($"<h2 id=\"care\">Rules of care</h2><p>They need more than one resource, and look at what a request or a whole transaction leaves behind: 422, code <code>business-rule</code>.</p>");
        var care = new HtmlTable(page, "list", "Rules of care", "Key", "On", "What it asks", "What to do");
        foreach (var rule in rules.All)
            care.Row($"rule-{rule.Id}", Html.Of($"<code>{rule.Id}</code>"), Html.Of($"{rule.On}"), Html.Of($"{rule.Says}"), Html.Of($"{rule.Fix}"));
        foreach (var (type, lifecycle) in RulesPage.Lifecycles)
            care.Row(null, Html.Of($"<a href=\"/profiles/rules#{lifecycle.Id}\"><code>{lifecycle.Id}</code></a>"), Html.Of($"{type}"), Html.Of($"Which status may follow which."), Html.Of($"{lifecycle.Otherwise}."));
        care.Close();
        Invariants(page);
        page.Add($"<h2 id=\"issues\">All other keys</h2><p>R4's own invariants (<code>dom-6</code>, <code>con-4</code>) come under R4's names, with R4's words and the expression.</p>");
        var others = new HtmlTable(page, "list", "Keys of issues", "Key", "What was found", "What to do");
        foreach (var issue in issues.All) others.Row($"issue-{issue.Key}", Html.Of($"<code>{issue.Key}</code>"), Html.Of($"{issue.Found}"), Html.Of($"{issue.Fix}"));
        others.Close();
        return page;
    }

    private static void Statuses(Html page)
    {
        page.Add($"<h2 id=\"statuses\">Statuses</h2>");
        var table = new HtmlTable(page, "list", "Statuses", "Status", "Why", "What to do", "Send again?");
        foreach (var text in StatusTexts.All)
            table.Row($"status-{text.Kind}", Html.Of($"{HttpStatus.Of(text.Kind)}"), Html.Of($"{text.Why}"), Html.Of($"{text.Fix}"), Html.Of($"{text.Again}"));
        table.Close();
    }

    private void Invariants(Html page)
    {
        page.Add($"<h2 id=\"invariants\">Invariants of the profiles</h2><p>422, code <code>invariant</code>. The profile's page has the expression and samples that break it.</p>");
        var table = new HtmlTable(page, "list", "Invariants of the profiles", "Key", "Profile", "Severity", "What it asks");
        foreach (var entry in package.Of(GuideKind.Profile).Concat(package.Of(GuideKind.Extension)))
        {
            if (package.Definitions.Profile(entry.Url) is not { } profile) continue;
            foreach (var constraint in profile.Differential.SelectMany(e => e.Source.All("constraint").ToList()))
            {
                var key = constraint.TextOf("key")!;
                table.Row(null, Html.Of($"<a href=\"{entry.Address}#{key}\"><code>{key}</code></a>"), Html.Of($"{entry.Title}"), Html.Of($"{constraint.TextOf("severity")}"), Html.Of($"{constraint.TextOf("human")}"));
            }
        }
        table.Close();
    }
}
