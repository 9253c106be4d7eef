using FhirCarePlan.Fhir.Validation.Choosing;
using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Guide;

/// <summary>Where a supplier begins: every profile with its type and when it applies, and the other contents of the package.</summary>
internal static class ProfileListPage
{
    /// <summary>The four resources the guide is about.</summary>
    private static readonly string[] Core = ["CarePlan", "CareTeam", "Condition", "Consent"];

    public static byte[] Write(GuidePackage package, ProfileTable table)
    {
        var main = new Html();
        main.Add($"<p class=\"lead\">Care plans, care teams, conditions and consents under the English Care Programme Approach, for agencies that share them. Each profile says what must be sent, how often, and why; every rule has a sample that keeps it and one that breaks it.</p>");
        main.Add($"<h2>Core profiles</h2><p>A resource that does not meet them is refused, with the reasons and what to do. <a href=\"/profiles/rules#what-binds\">Its content</a> says which of them it must meet.</p>");
        Table(main, table, "Core profiles", package.Of(GuideKind.Profile).Where(p => Core.Contains(p.Constrains))
            .OrderBy(p => p.Constrains, StringComparer.Ordinal).ThenByDescending(p => p.Name == $"CPA-{p.Constrains}"));
        main.Add($"<h2>Profiles around them</h2><p>Chosen and enforced in the same way.</p>");
        Table(main, table, "Profiles around them", package.Of(GuideKind.Profile).Where(p => !Core.Contains(p.Constrains)));
        main.Add($"<h2>The rest of the package</h2><ul>");
        main.Add($"<li><a href=\"/profiles/extensions\">{package.Of(GuideKind.Extension).Count()} extensions</a></li>");
        main.Add($"<li><a href=\"/profiles/codes\">{package.Of(GuideKind.CodeSystem).Count()} code systems and {package.Of(GuideKind.ValueSet).Count()} value sets</a></li>");
        main.Add($"<li><a href=\"/profiles/search\">{package.Of(GuideKind.SearchParameter).Count()} search parameters</a></li>");
        foreach (var other in package.Of(GuideKind.Other))
            main.Add($"<li><a href=\"{other.Address}\">{other.Title}</a> ({other.File.ResourceType})</li>");
        main.Add($"</ul>");
        return PageFrame.Write("Profiles", "/profiles", main);
    }

    private static void Table(Html main, ProfileTable bindings, string caption, IEnumerable<GuideEntry> profiles)
    {
        var table = new HtmlTable(main, "list", caption, "Profile", "On", "What it is for", "When it applies");
        foreach (var profile in profiles)
            table.Row(null, Html.Of($"<a href=\"{profile.Address}\">{profile.Title}</a>"), Html.Of($"{profile.Constrains}"), Html.Of($"{profile.Description}"), BindingTable.Applies(bindings, profile.Url));
        table.Close();
    }
}
