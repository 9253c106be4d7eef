namespace FhirCarePlan.Sharing;

/// <summary>Does somebody look after the agreement, the ledger and the people it is about?</summary>
internal static class GovernanceChecks
{
    /// <summary>Those that must have a Caldicott guardian.
    /// https://www.gov.uk/government/publications/national-data-guardian-guidance-on-the-appointment-of-caldicott-guardians-their-role-and-responsibilities</summary>
    private static readonly string[] guarded = ["nhs-mental-health-provider", "nhs-acute-provider", "nhs-community", "gp-practice", "icb",
        "local-authority-social-services"];

    /// <summary>https://ico.org.uk/for-organisations/uk-gdpr-guidance-and-resources/data-sharing/data-sharing-a-code-of-practice/data-sharing-agreements/</summary>
    private static readonly string[] expected = ["retention", "incidents", "informing", "subjectRights"];

    public static void Agreement(Protocol protocol, ProtocolReport report)
    {
        if (protocol.Owner is null && protocol.Parties.Count(p => p.IsSignatory) > 1)
            report.Warning("no-owner", 1, "Nobody looks after this agreement between several parties.",
                "State `owner`: the party whose governance lead oversees the ledger.");
        if (!protocol.Parties.Any(p => p.Home.Any(h => h.Data.Contains(Category.Audit))))
            report.Warning("ledger-unread", 1, "No home rule opens the ledger to anybody.",
                $"Open `{Category.Audit}` to the governance lead of a party.", "parties");
        foreach (var party in protocol.Parties)
        {
            if (guarded.Contains(party.Sector) && !party.Officers.ContainsKey("caldicottGuardian"))
                report.Warning("no-guardian", party.Line, $"`{party.Id}` has to have a Caldicott guardian and names none.",
                    "State `officers: { caldicottGuardian: … }`.", party.Id);
            if (party.Status == PartyStatus.Joined && party.Home.Any(h => (h.Relationship & Relation.Self) != 0)
                && !protocol.Rules.Any(r => r.IsPermit && r.To.Contains(party.Id) && (r.Relationship & Relation.Self) != 0))
                report.Warning("no-self-access", party.Line, $"No rule opens to `{party.Id}` the record that others hold about them.",
                    "Add a permit to it with `requires: { consent: none, relationship: self }`.", party.Id);
        }
    }

    public static void Sections(Protocol protocol, ProtocolReport report)
    {
        if (!protocol.Rules.Any(r => r.IsPermit)) return;
        foreach (var section in expected)
            if (!protocol.Sections.ContainsKey(section))
                report.Warning("missing-section", 1, $"The agreement has no section `{section}`.", "Add it: words are enough.");
    }
}
