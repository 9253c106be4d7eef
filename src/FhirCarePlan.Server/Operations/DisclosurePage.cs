using FhirCarePlan.Server.Answers;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Operations;

/// <summary>The list of disclosures as a page that people read on their phones: no script, nothing from elsewhere.</summary>
internal static class DisclosurePage
{
    /// <summary>To be sent with the page.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static byte[] Write(DisclosureWords words, Disclosures.List list, string? next)
    {
        var title = $"Who has seen {words.Record}";
        var page = new Html();
        page.Add($"<!doctype html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        page.Add($"<meta name=\"color-scheme\" content=\"light dark\"><title>{title}</title><link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"/profiles/guide.css\"></head><body>");
        page.Add($"<a class=\"skip\" href=\"#main\">Skip to content</a><header><p class=\"site\">{words.Title}</p></header><main id=\"main\" tabindex=\"-1\"><h1>{title}</h1>");
        page.Add($"<p class=\"lead\">{Lead(words, list)}</p>");
        if (list.Page.Entries.Count == 0) page.Add($"<p>Nobody has looked so far.</p>");
        foreach (var entry in list.Page.Entries) page.Add($"{Event(words, entry)}");
        if (next is not null) page.Add($"<p><a href=\"{next}\" rel=\"next\">Earlier</a></p>");
        page.Add($"</main><footer><p>If something here surprises you, ask your care co-ordinator, or the information governance lead of the organisation named.</p></footer></body></html>");
        return page.ToUtf8();
    }

    private static string Lead(DisclosureWords words, Disclosures.List list) => list.IsForPerson
        ? "Each time somebody opens, finds or changes something about you, or is refused it, that is written down here. The newest comes first."
        : $"Each time somebody opens, finds or changes something of {words.Record}, or is refused it, as far as it concerns your organisation. The newest comes first.";

    private static Html Event(DisclosureWords words, AuditEntry entry)
    {
        var html =
            Html.Of($"<section><h2>{words.When(entry.At)}</h2><dl><dt>Who</dt><dd>{words.Who(entry)}</dd><dt>Why</dt><dd>{words.Why(entry)}</dd>");
        foreach (var detail in entry.Details)
        {
            html.Add($"<dt>What</dt><dd><p>{words.What(entry, detail)}</p>");
            if (words.Parts(detail) is { Count: > 0 } parts)
            {
                html.Add($"<ul>");
                foreach (var part in parts) html.Add($"<li>{part}</li>");
                html.Add($"</ul>");
            }
            html.Add($"</dd>");
            if (words.Holder(detail) is { } holder) html.Add($"<dt>Kept by</dt><dd>{holder}</dd>");
            foreach (var rule in words.Rules(detail)) html.Add($"<dt>Allowed because</dt><dd>{rule}</dd>");
        }
        return html.Add($"</dl></section>");
    }
}
