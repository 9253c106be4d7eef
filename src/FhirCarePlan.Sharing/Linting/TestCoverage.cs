namespace FhirCarePlan.Sharing;

/// <summary>What an agreement's own tests prove about it: a clause is proved if some test comes out otherwise without it.</summary>
/// <param name="Clauses">Rules, home rules, bars and consent defaults, in the order of the file.</param>
/// <param name="Gates">In the order in which they are asked.</param>
public sealed record TestCoverage(IReadOnlyList<TestOutcome> Outcomes, IReadOnlyList<CoveredClause> Clauses,
    IReadOnlyList<CoveredGate> Gates,
    IReadOnlyList<CoveredCategory> Categories)
{
    public bool Holds => Outcomes.All(o => o.Holds);
    public bool IsComplete =>
        Clauses.All(c => c.Tests > 0) && Gates.All(g => g.WhyNot is not null || g.Tests > 0)
        && Categories.All(c => c is { Permits: > 0, Denies: > 0 });

    public static TestCoverage Of(Protocol protocol)
    {
        var outcomes = TestRun.Of(protocol);
        return new(outcomes,
            [.. Without(protocol).Select(c => new CoveredClause(c.Kind, c.Id, c.Line, Differing(outcomes, TestRun.Of(c.Others))))],
            [.. CoveredGate.All(protocol)
                .Select(g => g
                with { Tests = outcomes.Count(o => o is { Holds: true, Expected: false, Reason: { } r } && r.Gate == g.Gate) })],
            [.. protocol.Categories.Select(c => new CoveredCategory(c.Id, c.Line, Count(c.Id, true), Count(c.Id, false)))]);

        int Count(string category, bool isPermit) => outcomes.Count(o => o.Holds && o.Category == category && o.Expected == isPermit);
    }

    /// <summary>The agreement without each of its clauses.</summary>
    private static IEnumerable<(string Kind, string Id, int Line, Protocol Others)> Without(Protocol protocol)
    {
        foreach (var rule in protocol.Rules)
            yield return (rule.IsPermit ? "permit" : "forbid", rule.Id, rule.Line, protocol
                with
            { Rules = [.. protocol.Rules.Where(r => r != rule)] });
        foreach (var party in protocol.Parties)
            foreach (var home in party.Home)
                yield return ("home", home.Id, home.Line,
                    protocol with
                    {
                        Parties =
                        [.. protocol.Parties.Select(p => p == party ? p with { Home = [.. p.Home.Where(h => h != home)] } : p)]
                    });
        foreach (var bar in protocol.Bars)
            yield return ("bar", bar.Id, bar.Line, protocol with { Bars = [.. protocol.Bars.Where(b => b != bar)] });
        foreach (var said in protocol.ConsentDefaults)
            yield return ("default", $"{said.Purposes} for {said.Parties}", said.Line, protocol
                with
            { ConsentDefaults = [.. protocol.ConsentDefaults.Where(d => d != said)] });
    }

    /// <summary>A forbid or a bar of what no rule opens changes no outcome and still gives the reason: it counts by its name.</summary>
    private static int Differing(IReadOnlyList<TestOutcome> with, IReadOnlyList<TestOutcome> without) =>
        with.Zip(without).Count(pair => pair.First.Holds && pair.First.Reason is { } a && pair.Second.Reason is { } b
            && (a.IsPermitted != b.IsPermitted || !a.IsPermitted && a.Gate == "G8" && !a.Rules.SequenceEqual(b.Rules)));
}

/// <param name="Kind">`permit`, `forbid`, `home`, `bar` or `default`.</param>
/// <param name="Tests">How many expectations need it.</param>
public sealed record CoveredClause(string Kind, string Id, int Line, int Tests);

/// <param name="Tests">How many expectations it denies.</param>
/// <param name="WhyNot">Why no test of an agreement can reach it; null when one can.</param>
public sealed record CoveredGate(string Gate, string Plain, int Tests, string? WhyNot)
{
    public static IReadOnlyList<CoveredGate> All(Protocol protocol) =>
    [
        new("G1", "The agreement is in force", 0, "Tests ask about the agreement once it is in force."),
        new("G2", "The organisation is a party", 0, protocol.Parties.All(p => p.Status == PartyStatus.Joined) ? "Every party has joined."
            : null),
        new("G3", "The purpose is one of the party's", 0, null),
        new("G4", "The legal gateway is in date", 0, protocol.Gateways.All(g => g.From <= protocol.Effective.From)
            ? "Every gateway is in date when the agreement begins." : null),
        new("G5", "The role is one of the rule's", 0, HasPermits(protocol)),
        new("G6", "There is a tie to the person", 0, protocol.Rules.Any(r => r.IsPermit && r.Relationship != 0) ? null
            : "No rule asks for a tie."),
        new("G8", "The category is open to the party", 0, null),
        new("G10", "The person agrees, or does not object", 0, protocol.Rules.Any(r => r.IsPermit && r.Consent != ConsentNeed.None) ? null
            : "No rule asks for consent."),
        new("G11", "No bar stands against it", 0, protocol.Bars.Count > 0 ? null : "There is no bar."),
    ];

    private static string? HasPermits(Protocol protocol) =>
        protocol.Rules.Any(r => r.IsPermit) ? null : "No rule opens anything to another party.";
}

/// <param name="Permits">How many expectations show it open.</param>
/// <param name="Denies">How many show it closed.</param>
public sealed record CoveredCategory(string Category, int Line, int Permits, int Denies);
