using FhirCarePlan.Server.Answers;
using FhirCarePlan.Care;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Validation.Choosing;

namespace FhirCarePlan.Server.Guide;

/// <summary>A profile or an extension for suppliers: its elements with their reasons, its rules, its samples.</summary>
internal static class ProfilePage
{
    public static byte[]? Write(GuideEntry entry, GuidePackage package, GuideSamples samples, ProfileTable table)
    {
        if (package.Definitions.Profile(entry.Url) is not { } profile) return null;
        var rows = ElementRow.Of(profile, package.Definitions);
        var shown = samples.Of(entry.Url).ToList();
        var hasRules = profile.Differential.Any(e => e.Constraints.Count > 0);
        var main = new Html();
        main.Add($"<p class=\"lead\">{entry.Description}</p>");
        Facts(main, entry, profile, package, table);
        if (hasRules || shown.Count > 0) Contents(main, hasRules, shown.Count > 0);
        main.Add($"<section aria-labelledby=\"elements\"><h2 id=\"elements\">Elements</h2><p>{Legend(entry)}</p>");
        ElementTable.Write(main, entry.Title, rows, package);
        main.Add($"</section>");
        if (hasRules)
        {
            main.Add($"<section aria-labelledby=\"rules\"><h2 id=\"rules\">Rules</h2>");
            RuleTable.Write(main, profile, shown);
            main.Add($"</section>");
        }
        SampleList.Write(main, entry, shown);
        return PageFrame.Write(entry.Title, entry.Kind == GuideKind.Extension ? "/profiles/extensions" : "/profiles", main);
    }

    private static string Legend(GuideEntry entry) => entry.Kind == GuideKind.Extension
        ? "The parts of the extension. Card. is how often a part occurs; codes that are “required” must come from the list."
        : "What this profile adds to base R4; you may send everything else of R4 too. Card. is how often an element occurs; MS marks what every system must be able to keep and show; codes that are “required” must come from the list.";

    private static void Facts(Html main, GuideEntry entry, StructureDefinition profile, GuidePackage package, ProfileTable table)
    {
        main.Add($"<dl>");
        if (BindingTable.Applies(table, entry.Url) is { } applies) main.Add($"<dt>When it applies</dt><dd>{applies}</dd>");
        if (profile.Contexts.Count > 0) main.Add($"<dt>Used on</dt><dd>{string.Join(", ", profile.Contexts.Select(c => c.Expression))}</dd>");
        if (entry.Kind == GuideKind.Extension) UsedBy(main, entry, package);
        else main.Add($"<dt>Constrains</dt><dd><a href=\"https://hl7.org/fhir/R4/{profile.Type.ToLowerInvariant()}.html\">{profile.Type}</a></dd>");
        foreach (var mapping in profile.Source.All("mapping"))
            main.Add($"<dt>{mapping.TextOf("name")}</dt><dd><code>{mapping.TextOf("uri")}</code> {mapping.TextOf("comment")}</dd>");
        if (entry.Motive is not null)
        {
            main.Add($"<dt>Answers</dt><dd>");
            Motives.Write(main, entry.Motive);
            main.Add($"</dd>");
        }
        main.Add($"<dt>Canonical</dt><dd><code>{entry.Url}</code></dd><dt>As data</dt><dd><a href=\"/profiles/{entry.FileName}\">{entry.FileName}</a></dd></dl>");
    }

    private static void UsedBy(Html main, GuideEntry extension, GuidePackage package)
    {
        var users = package.Of(GuideKind.Profile).Where(p => package.Definitions.Profile(p.Url)!.Differential.Any(e => e.Types.Any(t => t.Profiles.Contains(extension.Url)))).ToList();
        if (users.Count == 0) return;
        main.Add($"<dt>Used by</dt><dd>");
        foreach (var user in users) main.Add($"<a href=\"{user.Address}\">{user.Title}</a> ");
        main.Add($"</dd>");
    }

    private static void Contents(Html main, bool hasRules, bool hasSamples)
    {
        main.Add($"<nav aria-label=\"On this page\"><ul><li><a href=\"#elements\">Elements</a></li>");
        if (hasRules) main.Add($"<li><a href=\"#rules\">Rules</a></li>");
        if (hasSamples) main.Add($"<li><a href=\"#valid\">Valid samples</a></li><li><a href=\"#invalid\">Invalid samples</a></li>");
        main.Add($"</ul></nav>");
    }
}
