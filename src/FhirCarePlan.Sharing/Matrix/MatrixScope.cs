namespace FhirCarePlan.Sharing.Matrix;

/// <summary>What a matrix asks about: the desks and types that one or more agreements can tell apart.</summary>
public sealed class MatrixScope
{
    /// <summary>A role and a type that no clause names.</summary>
    public const string OtherRole = "", OtherType = "Basic";

    public IReadOnlyList<Desk> Desks { get; }
    public IReadOnlyList<NameClass> Types { get; }

    public MatrixScope(params IReadOnlyList<Protocol> protocols)
    {
        Types = NameClass.Of(OtherType, protocols.SelectMany(TypeLists));
        Desks =
        [
            .. from party in protocols.SelectMany(p => p.Parties).Select(p => p.Id).Distinct()
               from role in RolesOf(protocols, party)
               from purpose in protocols.SelectMany(p => p.Purposes.Where(u => u.Parties.Contains(party))).Select(p => p.Id).Distinct()
               from action in Rule.KnownActions
               from own in new[] { true, false }
               select new Desk(party, role, purpose, action, own),
        ];
    }

    /// <summary>Desks times types of such a scope, without making it.</summary>
    public static long Count(params IReadOnlyList<Protocol> protocols)
    {
        var purposes = protocols.SelectMany(p => p.Purposes).ToList();
        var desks = protocols.SelectMany(p => p.Parties).Select(p => p.Id).Distinct().Sum(party =>
            (long)RolesOf(protocols, party).Count() * purposes.Where(u => u.Parties.Contains(party)).Select(u => u.Id).Distinct().Count());
        return desks * Rule.KnownActions.Count * 2 * NameClass.Of(OtherType, protocols.SelectMany(TypeLists)).Count;
    }

    private static IEnumerable<IReadOnlyList<string>> TypeLists(Protocol protocol) =>
        protocol.Rules.Select(r => r.Types.Listed).Concat(protocol.Parties.SelectMany(p => p.Home).Select(h => h.Types.Listed));

    /// <summary>The roles that a clause for this party names, any other, and none.</summary>
    private static IEnumerable<string?> RolesOf(IReadOnlyList<Protocol> protocols, string party) =>
        protocols.SelectMany(p => p.Rules.Where(r => r.To.Contains(party)).Select(r => r.Roles)
            .Concat(p.Bars.Where(b => b.To.Contains(party)).Select(b => b.Roles))
            .Concat((p.Party(party)?.Home ?? []).Select(h => h.Roles)))
            .SelectMany(n => n.Listed).Distinct().Append(OtherRole).Append(null);
}
