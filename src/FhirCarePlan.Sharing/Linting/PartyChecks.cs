using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing;

/// <summary>Are the parties told apart, can they sign in, and does the agreement give each something?</summary>
internal static class PartyChecks
{
    public static void Parties(Protocol protocol, ProtocolReport report)
    {
        var organizations = new HashSet<string>();
        var clients = new HashSet<(string, string)>();
        foreach (var party in protocol.Parties)
        {
            if (party.Organizations.Count == 0)
                report.Error("party-organization", party.Line, $"`{party.Id}` names no Organization.", "Name at least the party itself.");
            foreach (var organization in party.Organizations)
            {
                if (!Reference.TryKey(organization, out var type, out _) || type != "Organization")
                    report.Error("party-organization", party.Line, $"`{organization}` is not a reference to an Organization.",
                        "Write Organization/id.", organization);
                if (!organizations.Add(organization))
                    report.Error("party-organization", party.Line, $"`{organization}` belongs to two parties.",
                    "An organisation is of one party.", organization);
            }
            foreach (var client in party.Clients)
            {
                if (client.Issuer == SystemActor.Issuer)
                    report.Error("party-client", client.Line, "The issuer `system` is the service's own.", "Name the issuer of the tokens.",
                    client.Issuer);
                if (!clients.Add((client.Issuer, client.Id)))
                    report.Error("party-client", client.Line, $"The client `{client.Id}` speaks for two parties.",
                    "A client speaks for one.", client.Id);
            }
            foreach (var right in party.Rights)
                if (!Right.Known.Contains(right.Name))
                    report.Error("unknown-right", right.Line, $"`{right.Name}` is not a right.",
                    $"Allowed: {string.Join(", ", Right.Known)}.", right.Name);
        }
    }

    public static void Idle(Protocol protocol, ProtocolReport report)
    {
        var someHaveClients = protocol.Parties.Any(p => p.Clients.Count > 0);
        foreach (var party in protocol.Parties.Where(p => p.Status == PartyStatus.Joined))
        {
            if (someHaveClients && party.Clients.Count == 0)
                report.Warning("party-without-client", party.Line, $"`{party.Id}` names no client, so nobody of it can sign in.",
                    "Name the clients whose tokens speak for it.", party.Id);
            if (party.Home.Count == 0 && !protocol.Rules.Any(r => r.IsPermit && !r.To.IsAll && r.To.Contains(party.Id)))
                report.Warning("idle-party", party.Line, $"No rule and no home rule is for `{party.Id}`.",
                    "Give it a rule, or take it out of the agreement.", party.Id);
        }
    }
}
