using FhirCarePlan.Server.Answers;
using System.Text.Json;

namespace FhirCarePlan.Server.Guide;

/// <summary>All code systems and value sets.</summary>
internal static class CodeListPage
{
    private static readonly (string Question, string Request)[] Questions =
    [
        ("Which codes are in a value set, and have a word in their name?", "GET [base]/ValueSet/$expand?url=[canonical]&filter=[word]&count=20"),
        ("Is a code in a value set?", "GET [base]/ValueSet/$validate-code?url=[canonical]&system=[system]&code=[code]"),
        ("Is a code in a code system?", "GET [base]/CodeSystem/$validate-code?url=[system]&code=[code]"),
        ("What does a code mean?", "GET [base]/CodeSystem/$lookup?system=[system]&code=[code]"),
        ("Is one code a kind of another?", "GET [base]/CodeSystem/$subsumes?system=[system]&codeA=[code]&codeB=[code]"),
        ("What is a code in another code system, by a concept map?", "GET [base]/ConceptMap/$translate?url=[canonical]&system=[system]&code=[code]"),
    ];

    public static byte[] Write(GuidePackage package)
    {
        var main = new Html();
        main.Add($"<p class=\"lead\">Code systems of this guide are complete here, except those with national codes. SNOMED CT codes appear without their names.</p><h2>Code systems</h2>");
        var systems = new HtmlTable(main, "list", "Code systems", "Code system", "Codes", "What it says");
        foreach (var system in package.Of(GuideKind.CodeSystem))
            systems.Row(system.Name, Link(system), Html.Of($"{Count(system)}"), Html.Of($"{system.Description}"));
        systems.Close();
        main.Add($"<h2>Value sets</h2>");
        var sets = new HtmlTable(main, "list", "Value sets", "Value set", "What it is for");
        foreach (var set in package.Of(GuideKind.ValueSet)) sets.Row(set.Name, Link(set), Html.Of($"{set.Description}"));
        sets.Close();
        main.Add($"<h2>Ask the server</h2><p>About these codes, R4's own and those of loaded packages. What the definitions cannot decide is refused, never answered with false.</p>");
        var questions = new HtmlTable(main, "list", "Questions about codes", "Question", "Request");
        foreach (var (question, request) in Questions) questions.Row(null, Html.Of($"{question}"), Html.Of($"<code>{request}</code>"));
        questions.Close();
        return PageFrame.Write("Codes", "/profiles/codes", main);
    }

    private static Html Link(GuideEntry entry) => Html.Of($"<a href=\"{entry.Address}\">{entry.Title}</a>");

    private static int Count(GuideEntry system)
    {
        using var json = JsonDocument.Parse(system.File.Utf8);
        return json.RootElement.TryGetProperty("concept", out var concepts) ? concepts.GetArrayLength() : 0;
    }
}
