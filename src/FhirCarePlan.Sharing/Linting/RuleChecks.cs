namespace FhirCarePlan.Sharing;

/// <summary>Do the rules make sense beside each other?</summary>
internal static class RuleChecks
{
    public static void PartiesThatMayNot(Protocol protocol, ProtocolReport report)
    {
        foreach (var rule in protocol.Rules.Where(r => r.IsPermit))
            foreach (var id in rule.To.Listed)
                if (protocol.Party(id) is { Status: not PartyStatus.Joined } party)
                    report.Warning("party-not-joined", rule.Line,
                        $"`{rule.Id}` opens data to `{id}`, which {(party.Status == PartyStatus.Left ? "has left" : "is suspended")}.",
                        "Take it out of the rule, or let it join again; until then the rule opens nothing to it.", id);
    }

    /// <summary>A forbid that takes back what a permit names. It is allowed, and the forbid wins, but it misleads a reader of the
    /// permit.</summary>
    public static void ConflictingPairs(Protocol protocol, ProtocolReport report)
    {
        foreach (var forbid in protocol.Rules.Where(r => !r.IsPermit))
            foreach (var permit in protocol.Rules.Where(r => r.IsPermit))
            {
                var data = permit.Data.Listed.Where(forbid.Data.Contains).ToList();
                if (data.Count > 0 && permit.To.Listed.Any(forbid.To.Contains) && Meet(permit.Roles, forbid.Roles)
                    && Meet(permit.Purposes, forbid.Purposes)
                    && Meet(permit.Actions, forbid.Actions) && Meet(permit.Types, forbid.Types))
                    report.Warning("conflicting-pair", permit.Line,
                        $"`{permit.Id}` opens {string.Join(", ", data)}, and `{forbid.Id}` forbids it to the same party.",
                        "The forbid wins: take it out of the permit so that the text says what happens.", data[0]);
            }
    }

    /// <summary>One mask holds for all categories, so the narrowest clearance of a party's rules does too.</summary>
    public static void Clearances(Protocol protocol, ProtocolReport report)
    {
        // Names of staff say nothing about anybody's care, so a narrower clearance for them misleads nobody.
        var permits = protocol.Rules.Where(r => r.IsPermit
            && !(r.Data.Listed.Count > 0 && r.Data.Listed.All(d => d is Category.Directory or Category.Conformance))).ToList();
        foreach (var (a, b) in permits.SelectMany((a, at) => permits.Skip(at + 1).Select(b => (a, b))))
            if (!Same(a.Clearance, b.Clearance) && Meet(a.To, b.To) && Meet(a.Roles, b.Roles) && Meet(a.Purposes, b.Purposes)
                && Meet(a.Actions, b.Actions) && Meet(a.Types, b.Types))
                report.Warning("clearance-differs", b.Line,
                    $"`{a.Id}` and `{b.Id}` are open to the same people and clear different labels.",
                    "The narrower holds for both: give them the same clearance, or keep them apart by role, purpose or type.", b.Id);
    }

    /// <summary>A rule for a purpose that its party may not state opens nothing.</summary>
    public static void Unreachable(Protocol protocol, ProtocolReport report)
    {
        foreach (var rule in protocol.Rules.Where(r => r.IsPermit))
            foreach (var id in rule.To.Listed)
                if (!protocol.Purposes.Any(p => rule.Purposes.Contains(p.Id) && p.Parties.Contains(id)))
                    report.Warning("unreachable-rule", rule.Line, $"`{id}` may state no purpose that `{rule.Id}` is for.",
                        "List the party under the purpose, or take it out of the rule.", id);
    }

    internal static bool Meet(Names a, Names b) => a.IsAll || b.IsAll || a.Listed.Any(b.Contains);

    private static bool Same(Clearance a, Clearance b) =>
        a.Confidentiality == b.Confidentiality && a.UnknownLabels == b.UnknownLabels && a.Sensitivities.IsAll == b.Sensitivities.IsAll
        && a.Sensitivities.Listed.Order().SequenceEqual(b.Sensitivities.Listed.Order());
}
