namespace FhirCarePlan.Sharing;

/// <summary>Is every purpose and role of use, and can a token state it?</summary>
internal static class PurposeChecks
{
    /// <summary>Purposes beyond anybody's own care.</summary>
    private static readonly string[] secondary = ["HRESCH", "PUBHLTH", "HPAYMT", "HMARKT", "HQUALIMP", "HOUTCOMS", "PERFMSR", "TRAIN"];

    public static void Purposes(Protocol protocol, ProtocolReport report)
    {
        var home = protocol.Parties.SelectMany(p => p.Home).Concat(protocol.Systems.Select(s => s.Home)).ToList();
        foreach (var purpose in protocol.Purposes)
        {
            // `all` names no purpose: a sole rule of one organisation, or the directory, is for whatever there is.
            if (!protocol.Rules.Any(r => r.IsPermit && r.Purposes.Contains(purpose.Id) && !IsOfDirectory(r))
                && !home.Exists(h => h.Purposes.Contains(purpose.Id)))
                report.Warning("unused-purpose", purpose.Line, $"No rule is for `{purpose.Id}`.", "Name it in a rule, or take it out.",
                    purpose.Code);
            if (protocol.Purposes.Any(p => p.Id == purpose.Id || p.Code != purpose.Code ? false : p.Line < purpose.Line
                && protocol.Parties.Any(party => p.Parties.Contains(party.Id) && purpose.Parties.Contains(party.Id))))
                report.Warning("ambiguous-purpose", purpose.Line,
                    $"`{purpose.Id}` has the code {purpose.Code} of another purpose of the same party.",
                    "Take a narrower code, or have tokens state the purpose by its id.", purpose.Code);
            if (secondary.Any(code => PurposeCodes.Includes(code, purpose.Code)) && !protocol.Sections.ContainsKey("secondaryUse")
                && protocol.Rules.Any(r => r.IsPermit && !r.Purposes.IsAll && r.Purposes.Contains(purpose.Id)))
                report.Warning("secondary-use", purpose.Line,
                    $"`{purpose.Id}` is not care, and the agreement has no section `secondaryUse`.",
                    "State there which figures may leave, and how small numbers are hidden.", purpose.Code);
        }
    }

    public static void Roles(Protocol protocol, ProtocolReport report)
    {
        var named = protocol.Rules.Select(r => r.Roles).Concat(protocol.Parties.SelectMany(p => p.Home).Select(h => h.Roles))
            .Concat(protocol.Parties.SelectMany(p => p.Rights).Select(r => r.Roles)).Concat(protocol.Overrides.Select(o => o.Roles))
            .Concat(protocol.Bars.Select(b => b.Roles)).SelectMany(n => n.Listed).ToHashSet();
        foreach (var role in protocol.Roles.Keys)
        {
            if (NameChecks.TeamRoles.Contains(role))
                report.Warning("role-redefined", 1, $"`{role}` is a code of CPA-TeamRole already.",
                    "Take it out: it means what CPA-TeamRole says.", $"roles>{role}");
            if (!named.Contains(role))
                report.Warning("unused-role", 1, $"No rule and no right names the role `{role}`.", "Name it in a rule, or take it out.",
                    $"roles>{role}");
        }
    }

    internal static bool IsOfDirectory(Rule rule) =>
        rule.Data.Listed.Count > 0 && rule.Data.Listed.All(d => d is Category.Directory or Category.Conformance);
}
