using FhirCarePlan.Server.Answers;
using System.Text;

namespace FhirCarePlan.Server.Guide;

/// <summary>One sample: what it shows, its issues, and the resource itself.</summary>
internal static class SamplePage
{
    public static byte[] Write(GuideSample sample, byte[] json, GuidePackage package)
    {
        var main = new Html();
        main.Add($"<p class=\"lead\">{(sample.IsValid ? "Valid" : "Invalid")}: {sample.Why}.</p><dl><dt>Profile</dt><dd>");
        if (package.At(sample.Profile) is { } profile) main.Add($"<a href=\"{profile.Address}\">{profile.Title}</a>");
        else main.Add($"<code>{sample.Profile}</code>");
        main.Add($"</dd><dt>Expected issues</dt><dd>");
        if (sample.Expected.Count == 0) main.Add($"none");
        else main.Add($"{SampleList.Issues(sample)}");
        main.Add($"</dd><dt>As data</dt><dd><a href=\"/profiles/samples/{sample.File}\">{Path.GetFileName(sample.File)}</a></dd></dl>");
        main.Add($"<h2 id=\"resource\">The resource</h2><pre tabindex=\"0\" role=\"region\" aria-labelledby=\"resource\"><code>{Encoding.UTF8.GetString(json)}</code></pre>");
        return PageFrame.Write(sample.Name, "/profiles", main);
    }
}
