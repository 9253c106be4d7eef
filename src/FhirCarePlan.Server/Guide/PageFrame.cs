using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Guide;

/// <summary>What every page has: a way past the header, the sections of the guide, one main part, a footer.</summary>
internal static class PageFrame
{
    private static readonly (string Address, string Name)[] Sections =
    [
        ("/profiles/start", "Start here"), ("/profiles", "Profiles"), ("/profiles/extensions", "Extensions"), ("/profiles/codes", "Codes"), ("/profiles/rules", "Rules"),
        ("/profiles/search", "Search"), ("/profiles/requirements", "Requirements"), ("/sharing", "Sharing"), ("/profiles/find", "Find"),
    ];

    /// <param name="section">The address of the section the page is part of.</param>
    public static byte[] Write(string title, string section, Html main)
    {
        var page = new Html();
        page.Add($"<!doctype html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        page.Add($"<meta name=\"color-scheme\" content=\"light dark\"><title>{title} · CPA guide</title><link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"/profiles/guide.css\"></head><body>");
        page.Add($"<a class=\"skip\" href=\"#main\">Skip to content</a><header><p class=\"site\"><a href=\"/profiles\">Care Programme Approach guide</a></p><nav aria-label=\"Guide\"><ul>");
        foreach (var (address, name) in Sections)
            if (address == section) page.Add($"<li><a href=\"{address}\" aria-current=\"true\">{name}</a></li>");
            else page.Add($"<li><a href=\"{address}\">{name}</a></li>");
        page.Add($"<li><a href=\"/profiles/cpa.tgz\">Download package</a></li></ul></nav></header><main id=\"main\" tabindex=\"-1\"><h1>{title}</h1>{main}</main>");
        page.Add($"<footer><p>FHIR R4 (4.0.1). The same definitions as data: <a href=\"/profiles/cpa.tgz\">cpa.tgz</a>. What this server does: <a href=\"/fhir/metadata\">capability statement</a>. The people and numbers in the samples are invented.</p></footer></body></html>");
        return page.ToUtf8();
    }
}
