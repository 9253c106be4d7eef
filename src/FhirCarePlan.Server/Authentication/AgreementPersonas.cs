using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Authentication;

/// <summary>The personas that an agreement gives by itself: one for each party and role that no shipped persona plays. A governance lead who
/// writes a party into the agreement can be its staff at once. In Development only.</summary>
public static class AgreementPersonas
{
    /// <summary>For a party whose rules name no role.</summary>
    private const string AnyRole = "staff";

    /// <param name="shipped">Under this agreement, with their parties.</param>
    public static IReadOnlyList<Persona> Of(Protocol protocol, IReadOnlyList<Persona> shipped) =>
        [.. protocol.Parties.SelectMany(party => Of(protocol, party, shipped))];

    /// <summary>The agreement with a client of Development's issuer for each of them, so that their tokens speak for their party. No other
    /// issuer's token can name such a client.</summary>
    public static Protocol Admit(Protocol protocol)
    {
        var personas = new Personas(protocol).All;
        return protocol with { Parties = [.. protocol.Parties.Select(party => party with { Clients = [.. party.Clients, .. Unlisted(party)] })] };

        IEnumerable<Client> Unlisted(Party party) =>
            personas.Where(p => p.Party == party.Id && protocol.PartyOf(DevIssuer.Issuer, p.Id) is null).Select(p => new Client(DevIssuer.Issuer, p.Id, party.Line));
    }

    private static IEnumerable<Persona> Of(Protocol protocol, Party party, IReadOnlyList<Persona> shipped)
    {
        if (protocol.Purposes.Count == 0) yield break;
        var theirs = shipped.Where(p => p.Party == party.Id).ToList();
        var roles = RolesOf(protocol, party).ToList();
        if (roles.Count == 0 && theirs.Count == 0) roles.Add(AnyRole);
        var open = roles.Except(theirs.Select(p => p.Role)).ToList();
        // A client that the agreement names for Development is a persona under this name.
        foreach (var client in party.Clients.Where(c => c.Issuer == DevIssuer.Issuer))
        {
            if (shipped.Any(p => p.Id == client.Id) || roles.Any(r => IdOf(party, r) == client.Id)) continue;
            var role = open.Contains(client.Id) ? client.Id : open.FirstOrDefault() ?? roles.FirstOrDefault() ?? AnyRole;
            open.Remove(role);
            yield return Made(protocol, party, client.Id, role, shipped);
        }
        foreach (var role in open)
            if (protocol.PartyOf(DevIssuer.Issuer, IdOf(party, role)) is not { } other || other.Id == party.Id)
                yield return Made(protocol, party, IdOf(party, role), role, shipped);
    }

    private static string IdOf(Party party, string role) => $"{party.Id}.{role}";

    /// <summary>The roles that the agreement names for a party: of its home rules and rights, then of the rules that permit it something.</summary>
    private static IEnumerable<string> RolesOf(Protocol protocol, Party party) =>
        party.Home.Select(h => h.Roles).Concat(party.Rights.Select(r => r.Roles)).Concat(protocol.Rules.Where(r => r.IsPermit && r.To.Contains(party.Id)).Select(r => r.Roles))
            .SelectMany(n => n.Listed).Distinct(StringComparer.Ordinal);

    private static Persona Made(Protocol protocol, Party party, string id, string role, IReadOnlyList<Persona> shipped)
    {
        var plain = role.Replace('-', ' ');
        return new Persona(id, $"{char.ToUpperInvariant(plain[0])}{plain[1..]}, {party.Name}", "From the agreement", party.Id, party.Organizations.FirstOrDefault(), null,
            // Those whom the record is about, and those who care for them, are people of the samples.
            IsTied(party, Relation.Self) ? shipped.FirstOrDefault(p => p.Patient != null)?.Patient : null,
            IsTied(party, Relation.Carer) ? shipped.FirstOrDefault(p => p.RelatedPerson != null)?.RelatedPerson : null,
            role, PurposesOf(protocol, party, role));
    }

    private static bool IsTied(Party party, long relation) => party.Home.Any(h => (h.Relationship & relation) != 0);

    /// <summary>Those that a rule for the role names, then what else the party may state. For a party that may state none, the agreement's first,
    /// with which it is refused.</summary>
    private static IReadOnlyList<string> PurposesOf(Protocol protocol, Party party, string role)
    {
        var stated = protocol.Purposes.Where(p => p.Parties.Contains(party.Id)).Select(p => p.Id).ToList();
        return stated.Count == 0 ? [protocol.Purposes[0].Id] : [.. stated.OrderByDescending(IsNamed)];

        bool IsNamed(string purpose) => party.Home.Any(h => h.Roles.Contains(role) && !h.Purposes.IsAll && h.Purposes.Contains(purpose))
            || protocol.Rules.Any(r => r.IsPermit && r.To.Contains(party.Id) && r.Roles.Contains(role) && !r.Purposes.IsAll && r.Purposes.Contains(purpose));
    }
}
