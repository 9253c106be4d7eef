using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Guide;

/// <summary>The samples of a profile: the right ones, and the wrong ones with the issue each gives.</summary>
internal static class SampleList
{
    public static void Write(Html page, GuideEntry profile, IReadOnlyList<GuideSample> samples)
    {
        if (samples.Count == 0) return;
        page.Add($"<section aria-labelledby=\"valid\"><h2 id=\"valid\">Valid samples</h2>");
        var valid = new HtmlTable(page, "list", $"Valid samples of {profile.Title}", "Sample", "What it shows", "Warnings");
        foreach (var sample in samples.Where(s => s.IsValid)) valid.Row(null, Link(sample), Html.Of($"{sample.Why}"), Issues(sample));
        valid.Close();
        page.Add($"</section><section aria-labelledby=\"invalid\"><h2 id=\"invalid\">Invalid samples</h2><p>Each is a valid sample with a single fault.</p>");
        var invalid = new HtmlTable(page, "list", $"Invalid samples of {profile.Title}", "Sample", "What is wrong", "Expected issue");
        foreach (var sample in samples.Where(s => !s.IsValid)) invalid.Row(null, Link(sample), Html.Of($"{sample.Why}"), Issues(sample));
        invalid.Close();
        page.Add($"</section>");
    }

    public static Html Issues(GuideSample sample)
    {
        var cell = new Html();
        foreach (var issue in sample.Expected)
            cell.Add($"<p>{issue.Severity} <code>{issue.Key}</code> at <code>{issue.Expression}</code></p>");
        return cell;
    }

    private static Html Link(GuideSample sample) => Html.Of($"<a href=\"{sample.Address}\">{sample.Name}</a>");
}
