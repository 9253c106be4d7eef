namespace FhirCarePlan.Sharing;

/// <summary>Does what the rules ask of people's Consents fit what the law asks, and can anybody record it?</summary>
internal static class AgreedChecks
{
    public static void Asked(Protocol protocol, ProtocolReport report)
    {
        foreach (var rule in protocol.Rules.Where(r => r.IsPermit))
        {
            if (protocol.Gateway(rule.Gateway) is not { } gateway) continue;
            if (gateway.CommonLaw == "explicit-consent" && rule.Consent != ConsentNeed.Explicit)
                report.Warning("common-law-consent", rule.Line,
                    $"`{rule.Id}` rests on explicit consent through `{gateway.Id}` and does not ask for it.",
                    "State `requires: { consent: explicit }`, or go through a gateway with another basis in common law.", "consent");
            if (gateway.CommonLaw == "implied-consent" && rule.Consent == ConsentNeed.None)
                report.Warning("objection-ignored", rule.Line,
                    $"`{rule.Id}` rests on implied consent through `{gateway.Id}`, and an objection changes nothing.",
                    "State `requires: { consent: objection-honoured }`, or go through a gateway with another basis in common law.",
                        "consent");
        }
    }

    public static void Defaults(Protocol protocol, ProtocolReport report)
    {
        foreach (var rule in protocol.Rules)
            if (rule.IsPermit && rule.Consent == ConsentNeed.ObjectionHonoured)
                foreach (var party in protocol.Parties.Where(p => rule.To.Contains(p.Id)))
                    foreach (var purpose in protocol.Purposes.Where(p => rule.Purposes.Contains(p.Id) && p.Parties.Contains(party.Id)))
                        if (!protocol.ConsentDefaults.Any(d => d.Parties.Contains(party.Id) && d.Purposes.Contains(purpose.Id)))
                            report.Warning("no-default", rule.Line,
                                $"`{rule.Id}` honours objection, and nothing says what holds for `{party.Id}` and `{purpose.Id}` where no "
                                + $"Consent speaks.", "State it under `consent: defaults`; until then it is denied.", rule.Id);
        foreach (var (said, at) in protocol.ConsentDefaults.Select((said, at) => (said, at)))
        {
            if (!protocol.Rules.Any(r => r.IsPermit && r.Consent == ConsentNeed.ObjectionHonoured
                && RuleChecks.Meet(r.To, said.Parties) && RuleChecks.Meet(r.Purposes, said.Purposes)))
                report.Warning("unused-default", said.Line, "No rule that honours objection is for these parties and purposes.",
                    "Take the default out, or correct its parties and purposes.", "parties");
            if (protocol.ConsentDefaults.Take(at).Any(other => other.IsPermit != said.IsPermit
                && RuleChecks.Meet(other.Parties, said.Parties) && RuleChecks.Meet(other.Purposes, said.Purposes)))
                report.Warning("default-conflict", said.Line, "Another default says the opposite for the same party and purpose.",
                    "Keep one of them; while both stand, the one that denies holds.", "default");
        }
    }

    public static void Recorded(Protocol protocol, ProtocolReport report)
    {
        const string right = "record-consent";
        if (protocol.Parties.Any(p => p.Status == PartyStatus.Joined && p.Rights.Any(r => r.Name == right))) return;
        if (protocol.Rules.FirstOrDefault(r => r.IsPermit && r.Consent == ConsentNeed.Explicit) is { } rule)
            report.Warning("consent-unrecordable", rule.Line, $"`{rule.Id}` asks for consent, and no party has the right `{right}`.",
                "Give the right to a role of a party, and to people themselves.", "consent");
    }
}
