using System.Reflection;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Guide.Suppliers;

/// <summary>What may change under a client, how it notices, and the list of changes (src/docs/CHANGELOG.md).</summary>
public sealed class ChangesPage(GuidePackage package, Protocol protocol)
{
    internal Html Write()
    {
        var page = new Html();
        page.Add($"<h2 id=\"now\">In use now</h2><dl><dt>Server</dt><dd>{Assembly.GetExecutingAssembly().GetName().Version!.ToString(3)}, as <code>software.version</code> of the <a href=\"/fhir/metadata\">capability statement</a></dd>");
        page.Add($"<dt>FHIR</dt><dd>R4 (4.0.1)</dd><dt>This guide</dt><dd><code>{package.Package.ToString()}</code>, <a href=\"/profiles/cpa.tgz\">cpa.tgz</a></dd>");
        page.Add($"<dt>Agreement</dt><dd><code>{protocol.Canonical}</code>: <a href=\"/profiles/agreement\">how to read it</a></dd></dl>");
        page.Add($"<h2 id=\"promise\">What you can rely on</h2><ul>");
        foreach (var promise in Promises) page.Add($"<li>{promise}</li>");
        page.Add($"</ul><h2 id=\"versions\">Versions of resources</h2><ul><li>Every read has an <code>ETag</code> with the version and a <code>Last-Modified</code>.</li>");
        page.Add($"<li>A change sends <code>If-Match</code> with that ETag. CarePlan, CareTeam, Condition and Consent refuse a change without it (428). If somebody was faster the answer is 412: read again, and apply your change to what you read.</li>");
        page.Add($"<li><code>[type]/[id]/_history</code> lists the versions that you may see, <code>[type]/[id]/_history/[version]</code> reads one.</li></ul>");
        page.Add($"<h2 id=\"list\">Changes that a client notices</h2>");
        foreach (var release in ChangeLog.Releases)
        {
            page.Add($"<h3>{release.Name}</h3><ul>");
            foreach (var change in release.Client) page.Add($"<li>{ChangeLog.Marked(change)}</li>");
            page.Add($"</ul>");
        }
        return page;
    }

    private static readonly string[] Promises =
    [
        "Canonical addresses of profiles, codes and search parameters stay as they are. A profile asks more only under a new version of the package.",
        "Match on the code and the key of an issue, never on its text: texts are made clearer at any time.",
        "A new element, extension or code may come at any time. Keep what you do not know when you send a resource back.",
        "The agreement changes without the software: parties, rules and categories are read when the server starts, and everybody's views follow. Do not build its rules into your client; ask $explain.",
    ];
}
