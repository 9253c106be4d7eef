using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;

namespace FhirCarePlan.Server.Governance;

/// <summary>`/sharing`: where a governance lead or a Caldicott guardian begins.</summary>
internal static class OverviewPage
{
    private static readonly (string Address, string Name, string Says)[] Pages =
    [
        ("/sharing/matrix", "Who may see and do what", "Each party, role, purpose and category, and on which condition."),
        ("/sharing/who-can-see", "Who can see a category", "The readers of one category of data, such as risk."),
        ("/sharing/explain", "Explain one request", "Open or closed, with the clause, for each category."),
        ("/sharing/draft", "Try a draft", "Check a draft, or see what it would widen and narrow."),
        ("/sharing/checks", "What a check looks for", "Every check of an agreement, and why it matters."),
        ("/profiles/agreement", "The agreement in words", "Parties, purposes, rules and legal bases."),
    ];

    public static SharingAnswer Of(AgreementNow agreement)
    {
        var (protocol, status) = (agreement.Protocol, agreement.Status);
        return new(200, "The sharing agreement at work", "/sharing", () =>
        {
            var main = Html.Of($"<p class=\"lead\">{protocol.Title}</p><dl><dt>State</dt><dd><strong>{(status.IsInForce ? "In force" : "Not in force")}</strong>: {status.Plain}</dd>");
            main.Add($"<dt>Address</dt><dd><code>{protocol.Canonical}</code></dd><dt>SHA-256</dt><dd><code>{protocol.Hash}</code></dd></dl><ul>");
            foreach (var (address, name, says) in Pages) main.Add($"<li><a href=\"{address}\">{name}</a>: {says}</li>");
            return main.Add($"</ul>");
        }, json =>
        {
            json.WriteStartObject();
            json.WriteString("protocol"u8, protocol.Canonical);
            json.WriteString("hash"u8, protocol.Hash);
            json.WriteBoolean("inForce"u8, status.IsInForce);
            json.WriteString("state"u8, status.Plain);
            json.WriteEndObject();
        });
    }
}
