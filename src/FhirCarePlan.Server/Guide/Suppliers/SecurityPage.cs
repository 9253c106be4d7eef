using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Guide.Suppliers;

/// <summary>Which tokens are good here, what they say, and what each refusal of one means: from the settings in use.</summary>
public sealed class SecurityPage(Asking asking, TokenRefusals refusals, ServerSettings settings)
{
    internal Html Write()
    {
        var page = new Html();
        var authentication = asking.Authentication;
        page.Add($"<p>Every request below <code>{asking.Base}</code> carries <code>Authorization: Bearer TOKEN</code>. Two addresses need none: <code>{asking.Base}/metadata</code> and <code>{asking.Base}/.well-known/smart-configuration</code>. A token in an address is not read.</p>");
        page.Add($"<h2 id=\"tokens\">Good tokens</h2><dl>");
        Fact(page, "Given by", authentication.Issuer ?? (authentication.HasDevIssuer ? "the built-in issuer of Development" : "nobody yet: no provider is set"));
        if (authentication.Audience is { } audience) Fact(page, "Meant for (aud)", audience);
        Fact(page, "Signed with", string.Join(", ", TokenSetup.Algorithms));
        Fact(page, "Good for at most", $"{authentication.LongestLife:c} (hours:minutes:seconds), counted from iat");
        Fact(page, "Scopes of SMART", authentication.Scopes == ScopePolicy.Required ? "needed: a token without them sees nothing" : "they narrow what the agreement gives; a token without them has all of it");
        Fact(page, "From browsers (CORS)", settings.Cors.Origins.Count == 0 ? "from this address alone" : string.Join(", ", settings.Cors.Origins));
        page.Add($"</dl><h2 id=\"claims\">What a token says</h2><p>Who you are comes from the token and the <a href=\"/profiles/agreement\">agreement</a>, never from a resource. The agreement lists the clients that speak for each party. A claim that is doubtful counts as absent.</p>");
        Claims(page, authentication.Claims);
        page.Add($"<p>State one purpose. A token without a role or a purpose that the agreement knows is good, and opens nothing.</p>");
        page.Add($"<h2 id=\"refused\">When a token is refused</h2><p>The answer says why, in an OperationOutcome and in <code>WWW-Authenticate</code>. Nothing of the token is repeated.</p>");
        Refusals(page);
        page.Add($"<h2 id=\"limits\">How much you may ask</h2><p>Work is counted in units: a request is one, each 16 KB sent or answered is one, each entry of a bundle is one, and five if it writes. A client may use {settings.Limits.UnitsPerSecond} units a second and save up {settings.Limits.Burst}; an address without a good token {settings.Limits.AnonymousUnitsPerSecond} a second. Beyond that the answer is 429 with <code>Retry-After</code>.</p>");
        page.Add($"<h2 id=\"trail\">What is kept about you</h2><p>Each request leaves one event in the audit trail: who asked, under which rule, which categories of whom were shown. <code>Patient/[id]/$disclosures</code> shows a person who saw what.</p>");
        return page;
    }

    private static void Fact(Html page, string name, string value) => page.Add($"<dt>{name}</dt><dd>{value}</dd>");

    private static void Claims(Html page, ClaimNames names)
    {
        var table = new HtmlTable(page, "list", "Claims of a token", "Meaning", "Claim");
        foreach (var (meaning, claim) in new[]
        {
            ("The client: with the issuer it says for which party you speak", names.Client), ("Who acts, kept in the audit trail", names.Subject),
            ("The role", names.Role), ("The purpose of use, by its id in the agreement or by its code", names.Purpose), ("Which of the party's organisations", names.Organization),
            ("The post", names.PractitionerRole), ("The person, where it is somebody who reads their own record", names.Patient),
            ("The carer", names.RelatedPerson), ("Scopes of SMART", names.Scope), ("SMART's user, who must agree with the party", names.FhirUser),
        }) table.Row(null, Html.Of($"{meaning}"), Html.Of($"<code>{string.Join(", else ", claim.Split(' '))}</code>"));
        table.Close();
    }

    private bool IsMapped => asking.Authentication.Mapping is var mapping && mapping.Party.Count + mapping.Role.Count + mapping.Purpose.Count > 0;

    private void Refusals(Html page)
    {
        var table = new HtmlTable(page, "list", "Refusals of a token", "Why", "Status", "What the answer says");
        foreach (var fault in Enum.GetValues<TokenFault>())
        {
            // Without a mapping no token can fail at it.
            if (fault is TokenFault.Unmapped or TokenFault.Ambiguous && !IsMapped) continue;
            var answer = refusals.Of(fault);
            table.Row(null, Html.Of($"{fault.ToString()}"), Html.Of($"{HttpStatus.Of(answer.Kind)}"), Html.Of($"{answer.Issues[0].Text}"));
        }
        table.Close();
    }
}
