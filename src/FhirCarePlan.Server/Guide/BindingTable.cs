using FhirCarePlan.Fhir.Validation.Choosing;
using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Guide;

/// <summary>What binds when, in words: the table by which server and shell choose profiles, as its readers see it.</summary>
internal static class BindingTable
{
    public static void Write(Html main, ProfileTable table, GuidePackage package)
    {
        main.Add($"<h2 id=\"what-binds\">What binds when</h2><p>The content chooses the profile; <code>meta.profile</code> need not name it. ");
        main.Add($"A resource that matches no row must meet base R4 and the profiles that it claims. One that only looks like a resource in a row (a wrong digit in a code, ");
        main.Add($"words in place of a code (spelling aside), an extension or an element that belongs to it, an agency that writes such things) is judged as one, with ");
        main.Add($"the key <code>did-you-mean</code> and what was probably meant. The table holds where <code>Validation:Profiles</code> is ");
        main.Add($"<code>Enforce</code>, in the shell’s <code>validate</code> too.</p>");
        var rows = new HtmlTable(main, "list", "What binds when", "Type", "Profile", "It binds when", "It looks like one when");
        foreach (var row in table.Rows)
            rows.Row($"binds-{row.Profile}", Html.Of($"{row.On}"), Profile(row, package), When(row), Marked(Signs(row)));
        rows.Close();
    }

    /// <summary>When a profile applies, for its own page; null when the table does not know it.</summary>
    public static Html? Applies(ProfileTable table, string canonical) =>
        table.Rows.FirstOrDefault(r => r.Canonical == canonical) is { } row ? When(row) : null;

    private static Html Profile(ChoiceRow row, GuidePackage package) =>
        package.At(row.Canonical) is { } entry ? Html.Of($"<a href=\"{entry.Address}\">{row.Profile}</a>") : Html.Of($"{row.Profile}");

    private static Html When(ChoiceRow row) => Marked(row switch
    {
        { IsService: true } => "the service alone writes it: nobody can send one",
        { IsOtherwise: true } when row.Profile.EndsWith(row.On, StringComparison.Ordinal) => $"every {row.On}",
        { IsOtherwise: true } => $"every {row.On} that no other row binds",
        _ => string.Join("; or ", row.Content.Select(d => d.Words)) + (row.Stays ? "; and from then on, whatever an update leaves out" : ""),
    });

    private static string Signs(ChoiceRow row) => string.Join("; or ",
        row.Signs.Select(d => d.Unless.Count == 0 ? d.Words : $"{d.Words} (unless it is a {string.Join(" or ", d.Unless)})")
            .Concat(row.Hints.Select(d => $"{d.Words} (a warning asks; the profile does not bind)")));

    /// <summary>What stands between backticks is code.</summary>
    public static Html Marked(string text)
    {
        var html = new Html();
        var parts = text.Split('`');
        for (var i = 0; i < parts.Length; i++)
            if (i % 2 == 1) html.Add($"<code>{parts[i]}</code>");
            else html.Add($"{parts[i]}");
        return html;
    }
}
