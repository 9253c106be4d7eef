using System.Globalization;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Guide.Suppliers;

/// <summary>How to read the agreement in force, shown on that agreement. It names organisations, never people: officers and signers are left
/// out, and so are clients. src/docs/sharing.md</summary>
public sealed class AgreementPage(AgreementNow now)
{
    private Protocol Protocol => now.Protocol;

    internal Html Write()
    {
        var page = new Html();
        page.Add($"<p>One file is the agreement, what the server enforces, and its own tests. The parties sign the SHA-256 of its bytes.</p>");
        page.Add($"<dl><dt>Title</dt><dd>{Protocol.Title}</dd><dt>Address</dt><dd><code>{Protocol.Canonical}</code></dd>");
        page.Add($"<dt>In short</dt><dd>{Protocol.Plain}</dd><dt>From, to</dt><dd>{Day(Protocol.Effective.From)}, {Day(Protocol.Effective.To)}</dd>");
        page.Add($"<dt>SHA-256</dt><dd><code>{Protocol.Hash}</code></dd></dl><p><code>GET /health/ready</code> says whether it is in force at this moment.</p>");
        page.Add($"<h2 id=\"decision\">How a decision is made</h2><p>For each category of data the questions below are asked in this order. The first no withholds the category and gives its name to the refusal; <code>$explain</code> shows it. What nothing opens is closed, and what forbids wins.</p>");
        var gates = new HtmlTable(page, "list", "Questions of a decision", "Gate", "Question");
        foreach (var (gate, question) in Gates) gates.Row(gate, Html.Of($"<code>{gate}</code>"), Html.Of($"{question}"));
        gates.Close();
        Parties(page);
        Purposes(page);
        Rules(page);
        Grounds(page);
        page.Add($"<p>The categories that rules speak of, in plain words: <a href=\"/profiles/views#categories\">partial views</a>.</p>");
        return page;
    }

    private static readonly (string, string)[] Gates =
    [
        ("home", "Does the party hold this record itself? Then its own home rules decide, and G1, G4 and G10 are not asked."),
        ("G1", "Is the agreement in force: active, within its dates, signed by every party for exactly this text?"),
        ("G2", "Is the caller's organisation a party, joined and not suspended?"),
        ("G3", "Is one purpose stated, known, and this party's?"),
        ("G4", "Is there a legal basis in date for this purpose and category?"),
        ("G5", "Does the caller have a role that the rule admits?"),
        ("G6", "Has the party, or the practitioner, to do with this person now?"),
        ("G8", "Is the category listed for this party and purpose, within the access level of the care team?"),
        ("G9", "Is the caller cleared for the confidentiality and sensitivity labels on the content?"),
        ("G10", "What do the person's own Consents say?"),
        ("G11", "Is there a bar that nothing opens?"),
    ];

    private void Parties(Html page)
    {
        page.Add($"<h2 id=\"parties\">Parties</h2>");
        var table = new HtmlTable(page, "list", "Parties", "Party", "Kind of agency", "Status", "Roles", "What its own staff do with what it holds");
        foreach (var party in Protocol.Parties)
        {
            var home = new Html();
            foreach (var rule in party.Home) home.Add($"<p><code>{rule.Id}</code>: {rule.Plain}</p>");
            table.Row($"party-{party.Id}", Html.Of($"{party.Name} <code>{party.Id}</code>"), Html.Of($"{party.Sector}"), Html.Of($"{party.Status.ToString().ToLowerInvariant()}"),
                Html.Of($"{string.Join(", ", party.Home.SelectMany(h => h.Roles.IsAll ? ["any"] : h.Roles.Listed).Distinct())}"), home);
        }
        table.Close();
    }

    private void Purposes(Html page)
    {
        page.Add($"<h2 id=\"purposes\">Purposes</h2><p>A token states one, by its id or its code.</p>");
        var table = new HtmlTable(page, "list", "Purposes", "Id", "Code", "In plain words", "Who may state it");
        foreach (var purpose in Protocol.Purposes)
            table.Row($"purpose-{purpose.Id}", Html.Of($"<code>{purpose.Id}</code>"), Html.Of($"<code>{purpose.Code}</code>"), Html.Of($"{purpose.Plain}"), Words(purpose.Parties));
        table.Close();
    }

    private void Rules(Html page)
    {
        page.Add($"<h2 id=\"rules\">Rules between parties</h2><p>Read a row as: these parties, in these roles, for these purposes, may do this with these categories of what others hold, if they have to do with the person and the person's Consents allow it.</p>");
        var table = new HtmlTable(page, "list", "Rules between parties", "Rule", "Who, for what", "What", "If", "In plain words");
        foreach (var rule in Protocol.Rules)
            table.Row($"rule-{rule.Id}", Html.Of($"<code>{rule.Id}</code>{(rule.IsPermit ? "" : " forbids")}"),
                Html.Of($"<p>To: {Words(rule.To)}</p><p>Roles: {Words(rule.Roles)}</p><p>Purposes: {Words(rule.Purposes)}</p>"),
                Html.Of($"<p>{Words(rule.Actions)}</p><p>Categories: {Words(rule.Data)}</p>"), rule.IsPermit ? If(rule) : null, Html.Of($"{rule.Plain}"));
        table.Close();
        if (Protocol.Bars.Count == 0) return;
        page.Add($"<h2 id=\"bars\">Bars</h2><p>No rule and no Consent opens what a bar closes.</p>");
        var bars = new HtmlTable(page, "list", "Bars", "Bar", "For", "Categories", "In plain words");
        foreach (var bar in Protocol.Bars) bars.Row($"bar-{bar.Id}", Html.Of($"<code>{bar.Id}</code>"), Words(bar.To), Words(bar.Data), Html.Of($"{bar.Plain}"));
        bars.Close();
    }

    private void Grounds(Html page)
    {
        page.Add($"<h2 id=\"basis\">Legal bases</h2>");
        var table = new HtmlTable(page, "list", "Legal bases", "Id", "UK GDPR", "Common law", "Power", "From, to", "In plain words");
        foreach (var ground in Protocol.Gateways)
            table.Row($"basis-{ground.Id}", Html.Of($"<code>{ground.Id}</code>"), Html.Of($"{string.Join(", ", new[] { ground.Gdpr6, ground.Gdpr9 }.OfType<string>())}"),
                Html.Of($"{ground.CommonLaw}"), Html.Of($"{ground.Power}"), Html.Of($"{Day(ground.From)}, {Day(ground.To)}"), Html.Of($"{ground.Plain}"));
        table.Close();
    }

    private static Html Words(Names names) => Html.Of($"{names.ToString()}");

    private static Html If(Rule rule)
    {
        var cell = Html.Of($"<p>Consents: {Asks(rule.Consent)}</p>");
        if (rule.Relationship != 0) cell.Add($"<p>Has to do with the person</p>");
        if (rule.Gateway is { } gateway) cell.Add($"<p>Basis: <a href=\"#basis-{gateway}\">{gateway}</a></p>");
        return cell;
    }

    private static string Asks(ConsentNeed need) => need switch
    {
        ConsentNeed.Explicit => "one must permit it",
        ConsentNeed.ObjectionHonoured => "none may refuse it",
        _ => "not asked",
    };

    private static string Day(DateOnly day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
