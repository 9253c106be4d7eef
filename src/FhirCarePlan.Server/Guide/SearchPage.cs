using System.Text.Json;
using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Guide;

/// <summary>The questions a service asks most, each one search, and the parameters this guide adds to R4's.</summary>
internal static class SearchPage
{
    private static readonly (string Question, string Search, string Who, string Note)[] Questions =
    [
        ("Which reviews are overdue?", "GET [base]/CarePlan?status=active&next-review=lt[today]&_sort=next-review", "care-coordinator", "The oldest first. A plan without a date of review cannot be active, so none is missed."),
        ("Whose care does this person co-ordinate?", "GET [base]/CareTeam?participant:PractitionerRole=care-coordinator&role-current=care-coordinator&status=active", "care-coordinator", "Or by the co-ordinator alone: CareTeam?care-coordinator=PractitionerRole/[id]."),
        ("Who has no crisis plan?", "GET [base]/CarePlan?has-crisis-plan=false", "", "Only CPA care plans: nobody asks a crisis plan or a housing plan for one. An active CPA care plan must have one, so these are drafts and plans that have ended."),
        ("Which needs are unmet, by domain?", "GET [base]/Condition?need-domain=accommodation&need-status=unmet,partly-met", "care-coordinator", "Add _summary=count for the number alone."),
        ("Which plans are active, with their team?", "GET [base]/CarePlan?status=active&_include=CarePlan:care-team", "gp", "An included resource is marked include, and is there only if you may see it."),
        ("A plan, and the tasks that carry it out?", "GET [base]/CarePlan?_id=robin-plan&_revinclude=Task:based-on", "care-coordinator", "Resources that refer to a match come along."),
        ("Whose plans, by the name of the person?", "GET [base]/CarePlan?subject:Patient.name=ashgrove", "care-coordinator", "A chain: the criteria are the patient's. Up to three references."),
        ("What changed since a day?", "GET [base]/CarePlan?_lastUpdated=gt2020-01-01&_sort=-_lastUpdated&_count=10", "care-coordinator", "A page at a time: follow the link next as it is given."),
        ("How many, and nothing else?", "GET [base]/Condition?_summary=count", "psychiatrist", "Counts what you may see."),
        ("Only a few elements?", "GET [base]/CarePlan?_elements=title,period&status=active", "gp", "Tagged SUBSETTED: for showing, not for sending back."),
        ("Who was refused, and why?", "GET [base]/AuditEvent?_sort=-date&_count=5", "ig-lead", "For governance leads."),
    ];

    public static byte[] Write(GuidePackage package)
    {
        var main = new Html();
        main.Add($"<p class=\"lead\">A search answers as if the server held only what the caller may see. That includes totals, pages and included resources.</p><h2>Common questions</h2>");
        main.Add($"<p>Send each with a token: <code>curl -H \"Authorization: Bearer $token\" '[base]/…'</code>; <a href=\"/profiles/start\">Start here</a> says how to get one. A long search may be sent as <code>POST [base]/[type]/_search</code> with a form, which keeps it out of logs.</p>");
        var questions = new HtmlTable(main, "list", "Common questions", "Question", "Search", "Finds something as", "Note");
        foreach (var (question, search, who, note) in Questions) questions.Row(null, Html.Of($"{question}"), Html.Of($"<code>{search}</code>"), who.Length == 0 ? Html.Of($"nobody, in the samples") : Html.Of($"<code>{who}</code>"), Html.Of($"{note}"));
        questions.Close();
        main.Add($"<h2>Search parameters of this guide</h2><p>This guide adds them to R4's own.</p>");
        var table = new HtmlTable(main, "list", "Search parameters", "Parameter", "On", "Type", "What it finds", "Expression");
        foreach (var parameter in package.Of(GuideKind.SearchParameter)) Row(table, parameter);
        table.Close();
        return PageFrame.Write("Search", "/profiles/search", main);
    }

    private static void Row(HtmlTable table, GuideEntry parameter)
    {
        using var json = JsonDocument.Parse(parameter.File.Utf8);
        string Text(string name) => json.RootElement.GetProperty(name).GetString()!;
        table.Row(parameter.File.Id,
            Html.Of($"<a href=\"/profiles/{parameter.FileName}\"><code>{Text("code")}</code></a>"),
            Html.Of($"{string.Join(", ", json.RootElement.GetProperty("base").EnumerateArray().Select(b => b.GetString()))}"),
            Html.Of($"{Text("type")}"), Html.Of($"{parameter.Description}"),
            Html.Of($"<details><summary>FHIRPath</summary><code class=\"path\">{Text("expression")}</code></details>"));
    }
}
