namespace FhirCarePlan.Sharing;

/// <summary>Does each permit open something, no more than it must, and something of its own?</summary>
internal static class ReachChecks
{
    public static void Closed(Protocol protocol, ProtocolReport report)
    {
        foreach (var permit in protocol.Rules.Where(r => r.IsPermit && r.Data.Listed.Count > 0))
        {
            var closed = permit.Data.Listed.Where(d =>
                protocol.Rules.Any(f => !f.IsPermit && f.Data.Contains(d) && Holds(f.To, permit.To) && Holds(f.Roles, permit.Roles)
                    && Holds(f.Purposes, permit.Purposes) && Holds(f.Actions, permit.Actions) && Holds(f.Types, permit.Types))
                || protocol.Bars.Any(b => b.Data.Contains(d) && Holds(b.To, permit.To) && Holds(b.Roles, permit.Roles)));
            if (closed.Count() == permit.Data.Listed.Count)
                report.Warning("closed-rule", permit.Line, $"Of what `{permit.Id}` opens, forbids and bars leave nothing.",
                    "Take the rule out, or the forbid.", permit.Id);
        }
    }

    public static void Shadowed(Protocol protocol, ProtocolReport report)
    {
        var permits = protocol.Rules.Where(r => r.IsPermit).ToList();
        for (var i = 0; i < permits.Count; i++)
        {
            var rule = permits[i];
            // Of two that open the same, the later one is named.
            if (permits.Where((other, at) => at != i && Shadows(protocol, other, rule) && (at < i || !Shadows(protocol, rule, other)))
                .FirstOrDefault() is { } wider)
                report.Warning("shadowed-rule", rule.Line, $"`{wider.Id}` opens all that `{rule.Id}` opens, on no stricter condition.",
                    "Take one of them out, or narrow the wider one.", rule.Id);
        }
    }

    private static bool Shadows(Protocol protocol, Rule wider, Rule rule) =>
        Holds(wider.To, rule.To) && Holds(wider.Roles, rule.Roles) && Holds(wider.Purposes, rule.Purposes) && Holds(wider.Data, rule.Data)
        && Holds(wider.Actions, rule.Actions) && Holds(wider.Types, rule.Types) && wider.Consent >= rule.Consent
        && (wider.Relationship == 0 || rule.Relationship != 0 && (rule.Relationship & ~wider.Relationship) == 0)
        && wider.Clearance.Confidentiality[0] >= rule.Clearance.Confidentiality[0]
            && (wider.Clearance.UnknownLabels || !rule.Clearance.UnknownLabels)
        && (rule.Clearance.Sensitivities is { IsAll: false, Listed.Count: 0 }
            || Holds(wider.Clearance.Sensitivities, rule.Clearance.Sensitivities))
        && protocol.Gateway(wider.Gateway) is { } wide && protocol.Gateway(rule.Gateway) is { } narrow && wide.From <= narrow.From
            && wide.To >= narrow.To;

    public static void Wide(Protocol protocol, ProtocolReport report)
    {
        foreach (var rule in protocol.Rules.Where(r => r.IsPermit && !PurposeChecks.IsOfDirectory(r)))
        {
            if (rule.To.IsAll || rule.Roles.IsAll)
                report.Warning("open-to-all", rule.Line, $"`{rule.Id}` opens people's data to all {(rule.To.IsAll ? "parties" : "roles")}.",
                    $"Name the {(rule.To.IsAll ? "parties" : "roles")}.", rule.To.IsAll ? "to" : "roles");
            if (rule.Relationship == 0
                && !rule.Data.Listed.All(d => d is Category.Consent or Category.Audit or Category.Directory or Category.Conformance))
                report.Warning("no-relationship", rule.Line, $"`{rule.Id}` opens people's data without a tie to the person.",
                    "Name under `requires: { relationship }` the ties of which one is needed.", "relationship");
            if (rule.Data.Contains(Category.Audit))
                report.Warning("ledger-disclosed", rule.Line, $"`{rule.Id}` opens `{Category.Audit}`, the ledger, to another party.",
                    $"Add `except: [{Category.Audit}]`; a party's own governance reads it under its home rules.", "data");
        }
    }

    /// <summary>True when the wide names hold for all the narrow ones.</summary>
    private static bool Holds(Names wide, Names narrow) =>
        wide.IsAll || !narrow.IsAll && narrow.Listed.Count > 0 && narrow.Listed.All(wide.Listed.Contains);
}
