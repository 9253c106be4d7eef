using FhirCarePlan.Server.Answers;
using System.Text.Json;

namespace FhirCarePlan.Server.Guide;

/// <summary>The codes of a code system, or those that a value set includes, with their meanings.</summary>
internal static class CodesPage
{
    public static byte[] Write(GuideEntry entry, GuidePackage package)
    {
        using var json = JsonDocument.Parse(entry.File.Utf8);
        var main = new Html();
        main.Add($"<p class=\"lead\">{entry.Description}</p><dl><dt>Canonical</dt><dd><code>{entry.Url}</code></dd>");
        if (Text(json.RootElement, "copyright") is { } copyright) main.Add($"<dt>Copyright</dt><dd>{copyright}</dd>");
        main.Add($"<dt>As data</dt><dd><a href=\"/profiles/{entry.FileName}\">{entry.FileName}</a></dd></dl>");
        if (entry.Kind == GuideKind.CodeSystem) Table(main, entry.Title, Concepts(json.RootElement));
        else if (json.RootElement.TryGetProperty("compose", out var compose))
        {
            foreach (var include in Each(compose, "include")) Include(main, include, package);
            foreach (var exclude in Each(compose, "exclude"))
                main.Add($"<p>Without codes of <code>{Text(exclude, "system")}</code> that are listed as excluded.</p>");
        }
        return PageFrame.Write(entry.Kind == GuideKind.ValueSet ? $"{entry.Title} (value set)" : entry.Title, "/profiles/codes", main);
    }

    private static void Include(Html main, JsonElement include, GuidePackage package)
    {
        foreach (var other in Each(include, "valueSet")) main.Add($"<p>All of {Link(other.GetString()!, package)}.</p>");
        if (Text(include, "system") is not { } system) return;
        var named = Each(include, "concept").ToList();
        main.Add($"<h2>From {Link(system, package)}</h2>");
        var known = package.At(system) is { } entry ? Meanings(entry) : [];
        if (named.Count > 0)
            Table(main, package.At(system)?.Title ?? system,
                named.Select(c => known.GetValueOrDefault(Text(c, "code")!, (Text(c, "code")!, Text(c, "display"), null))));
        else if (Each(include, "filter").ToList() is { Count: > 0 } filters)
            foreach (var filter in filters)
                main.Add($"<p>Where <code>{Text(filter, "property")}</code> {Text(filter, "op")} <code>{Text(filter, "value")}</code>.</p>");
        else if (known.Count > 0) Table(main, package.At(system)!.Title, known.Values);
        else main.Add($"<p>All of its codes.</p>");
    }

    private static Html Link(string canonical, GuidePackage package) => package.At(canonical) is { } entry
        ? Html.Of($"<a href=\"{entry.Address}\">{entry.Title}</a>") : Html.Of($"<code>{canonical}</code>");

    private static Dictionary<string, (string Code, string? Display, string? Definition)> Meanings(GuideEntry system)
    {
        using var json = JsonDocument.Parse(system.File.Utf8);
        return Concepts(json.RootElement).ToDictionary(c => c.Code, StringComparer.Ordinal);
    }

    /// <summary>Those below others follow them.</summary>
    private static List<(string Code, string? Display, string? Definition)> Concepts(JsonElement parent)
    {
        var found = new List<(string, string?, string?)>();
        foreach (var concept in Each(parent, "concept"))
        {
            found.Add((Text(concept, "code")!, Text(concept, "display"), Text(concept, "definition")));
            found.AddRange(Concepts(concept));
        }
        return found;
    }

    private static void Table(Html main, string caption, IEnumerable<(string Code, string? Display, string? Definition)> concepts)
    {
        var table = new HtmlTable(main, "list", caption, "Code", "Name", "Meaning");
        foreach (var (code, display, definition) in concepts)
            table.Row(null, Html.Of($"<code>{code}</code>"), Html.Of($"{display}"), Html.Of($"{definition}"));
        table.Close();
    }

    private static IEnumerable<JsonElement> Each(JsonElement of, string name) =>
        of.TryGetProperty(name, out var list) ? list.EnumerateArray() : Enumerable.Empty<JsonElement>();

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;
}
