using FhirCarePlan.Server.Answers;
using System.Text.Json;

namespace FhirCarePlan.Server.Guide;

/// <summary>All code systems and value sets.</summary>
internal static class CodeListPage
{
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
        return PageFrame.Write("Codes", "/profiles/codes", main);
    }

    private static Html Link(GuideEntry entry) => Html.Of($"<a href=\"{entry.Address}\">{entry.Title}</a>");

    private static int Count(GuideEntry system)
    {
        using var json = JsonDocument.Parse(system.File.Utf8);
        return json.RootElement.TryGetProperty("concept", out var concepts) ? concepts.GetArrayLength() : 0;
    }
}
