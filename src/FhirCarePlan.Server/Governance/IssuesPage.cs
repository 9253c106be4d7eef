using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Guide;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Governance;

/// <summary>What is wrong with a draft, and what every check looks for.</summary>
internal static class IssuesPage
{
    /// <summary>More helps nobody, and an answer must not be a hundred times as long as its question.</summary>
    private const int MostShown = 500;

    public static SharingAnswer Of(int status, ProtocolFile whole)
    {
        var file = whole.Issues.Count <= MostShown ? whole : whole with { Issues = [.. whole.Issues.Take(MostShown), More(whole)] };
        return new(status, "Check of a draft", DraftPage.Section, () => Written(file), json => CheckJson.Write(json, file, null));
    }

    private static ProtocolIssue More(ProtocolFile file) => new("more", Fhir.Model.IssueSeverity.Error, file.Issues[0].File, 0,
        $"{file.Issues.Count - MostShown} more issues are not shown.", "Mend these first, then check again.");

    private static Html Written(ProtocolFile file)
    {
        var errors = file.Issues.Count(i => i.IsError);
        var main = Html.Of($"<p role=\"status\"><strong>{(file.IsSound ? "It can be enforced." : "It cannot be enforced.")}</strong> Errors: {errors}. Warnings: {file.Issues.Count - errors}.</p>");
        if (file.Protocol is { } protocol) main.Add($"<p><code>{protocol.Canonical}</code>, SHA-256 <code>{protocol.Hash}</code></p>");
        if (file.Issues.Count == 0) return main.Add($"<p><a href=\"{DraftPage.Section}\">Another draft</a></p>");
        var table = new HtmlTable(main, "list", "Issues", "Line", "Kind", "What is wrong", "Why", "Mend", "Check");
        foreach (var issue in file.Issues)
            table.Row(null, Html.Of($"{Place(issue)}"), Html.Of($"{(issue.IsError ? "error" : "warning")}"), Html.Of($"{issue.Text}"),
                issue.Why is { } why ? Html.Of($"{why}") : null, Html.Of($"{issue.Mend}"), Html.Of($"<code>{issue.Check}</code>"));
        table.Close();
        return main.Add($"<p><a href=\"{DraftPage.Section}\">Another draft</a></p>");
    }

    private static string Place(ProtocolIssue issue) => issue.Line == 0 ? "whole" : issue.Column == 0 ? $"{issue.Line}" : $"{issue.Line}:{issue.Column}";

    public static SharingAnswer AllChecks() => new(200, "What a check looks for", DraftPage.Section, () =>
    {
        var main = new Html();
        var table = new HtmlTable(main, "list", "Checks", "Check", "Kind", "Finds", "Why");
        foreach (var check in Checks.All)
            table.Row(check.Id, Html.Of($"<code>{check.Id}</code>"), Html.Of($"{(check.IsError ? "error" : "warning")}"), Html.Of($"{check.Finds}"), Html.Of($"{check.Why}"));
        table.Close();
        return main;
    }, CheckJson.WriteAll);
}
