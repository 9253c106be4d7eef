using FhirCarePlan.Server.Answers;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Guide;

/// <summary>The invariants of a profile: what each asks in words and as FHIRPath, why, and the samples that break it.</summary>
internal static class RuleTable
{
    public static void Write(Html page, StructureDefinition profile, IEnumerable<GuideSample> samples)
    {
        var breaking = samples.SelectMany(s => s.Expected.Select(e => (e.Key, Sample: s))).ToLookup(b => b.Key, b => b.Sample);
        var table = new HtmlTable(page, "rules", $"Rules of {profile.Source.TextOf("title")}", "Rule", "Severity", "What it asks",
            "Broken by");
        foreach (var element in profile.Differential)
            foreach (var constraint in element.Source.All("constraint"))
            {
                var key = constraint.TextOf("key")!;
                table.Row(key, Html.Of($"<code>{key}</code>"), Html.Of($"{constraint.TextOf("severity")}"), Asked(element, constraint),
                    Samples(breaking[key]));
            }
        table.Close();
    }

    private static Html Asked(ElementDefinition element, Node constraint)
    {
        var cell = Html.Of($"<p>{constraint.TextOf("human")}");
        Motives.Write(cell, constraint.TextOf("requirements"));
        return cell.Add($"</p><details><summary>FHIRPath on <code>{element.Id}</code></summary><code class=\"path\">{constraint.TextOf("expression")}</code></details>");
    }

    private static Html Samples(IEnumerable<GuideSample> samples)
    {
        var cell = new Html();
        foreach (var sample in samples.DistinctBy(s => s.File)) cell.Add($"<p><a href=\"{sample.Address}\">{sample.Name}</a></p>");
        return cell;
    }
}
