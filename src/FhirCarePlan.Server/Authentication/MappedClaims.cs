using System.Security.Claims;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Authentication;

/// <summary>What the mapping of the configuration makes of a token's claims. Unknown values, and values with several meanings, are
/// refused.</summary>
internal sealed class MappedClaims
{
    public MappedClaims(ClaimsPrincipal user, ClaimMapping mapping)
    {
        Party = Of(user, mapping.Party);
        Role = Of(user, mapping.Role);
        Purpose = Of(user, mapping.Purpose);
    }

    /// <summary>Null where nothing is mapped, or there is a fault.</summary>
    public string? Party { get; }
    public string? Role { get; }
    public string? Purpose { get; }
    public TokenFault? Fault { get; private set; }

    private string? Of(ClaimsPrincipal user, IReadOnlyList<ClaimRule> rules)
    {
        if (rules.Count == 0 || Fault is not null) return null;
        var meanings = rules.Where(r => ClaimValues.All(user, r.Claim).Contains(r.Value)).Select(r => r.Is).Distinct().ToList();
        if (meanings is [var only]) return only;
        Fault = meanings.Count == 0 ? TokenFault.Unmapped : TokenFault.Ambiguous;
        return null;
    }

    /// <summary>A mapping must lead to words of the agreement; the first that does not, in a sentence.</summary>
    public static string? Misled(ClaimMapping mapping, Protocol protocol) =>
        First(mapping.Party, nameof(mapping.Party), id => protocol.Party(id) is not null, protocol.Parties.Select(p => p.Id))
        ?? First(mapping.Role, nameof(mapping.Role), Roles(protocol).Contains, Roles(protocol))
        ?? First(mapping.Purpose, nameof(mapping.Purpose), id => protocol.Purpose(id) is not null, protocol.Purposes.Select(p => p.Id));

    private static string? First(IReadOnlyList<ClaimRule> rules, string of, Func<string, bool> isKnown, IEnumerable<string> known) =>
        rules.FirstOrDefault(r => !isKnown(r.Is)) is not { } wrong ? null
            : $"Setting Authentication:Mapping:{of} leads to `{wrong.Is}`, which the agreement does not know; it knows "
                + $"{string.Join(", ", known.Order(StringComparer.Ordinal).Select(k => $"`{k}`"))}";

    /// <summary>The roles that the agreement names. Where all roles may do something, any role is as good as another.</summary>
    private static HashSet<string> Roles(Protocol protocol) =>
    [
        .. protocol.Rules.SelectMany(r => r.Roles.Listed), .. protocol.Bars.SelectMany(b => b.Roles.Listed),
        .. protocol.Parties.SelectMany(p => p.Home.SelectMany(h => h.Roles.Listed).Concat(p.Rights.SelectMany(r => r.Roles.Listed))),
    ];
}
