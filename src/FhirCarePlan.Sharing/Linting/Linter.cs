namespace FhirCarePlan.Sharing;

/// <summary>Looks for statements that an agreement cannot mean, and for necessary ones that it lacks. `Checks` lists what it looks
/// for.</summary>
public static class Linter
{
    private delegate void ProtocolCheck(Protocol protocol, ProtocolReport report);

    private static readonly ProtocolCheck[] names =
    [
        NameChecks.Ids, NameChecks.Bits, NameChecks.Categories, CodeChecks.Names, CodeChecks.Lists, PartyChecks.Parties, NameChecks.Used,
    ];

    private static readonly ProtocolCheck[] meaning =
    [
        PartyChecks.Idle, PurposeChecks.Purposes, PurposeChecks.Roles, ContentChecks.Roots, ContentChecks.Opened, LegalChecks.Gateways,
        LegalChecks.ConsentAsArticle6, LegalChecks.Authorities, LegalChecks.Overrides, LegalChecks.Dates, RuleChecks.PartiesThatMayNot,
            RuleChecks.ConflictingPairs,
        RuleChecks.Clearances, RuleChecks.Unreachable, ReachChecks.Closed, ReachChecks.Shadowed, ReachChecks.Wide, AgreedChecks.Asked,
            AgreedChecks.Defaults,
        AgreedChecks.Recorded, GovernanceChecks.Agreement, GovernanceChecks.Sections, TestChecks.Repeated,
    ];

    /// <summary>Adds what it finds to what the reader has reported.</summary>
    public static void Check(Protocol protocol, ProtocolReport report)
    {
        foreach (var check in names) check(protocol, report);
        var areNamesRight = !report.HasErrors;
        foreach (var check in meaning) check(protocol, report);
        // What an expectation comes to says nothing about a file with names that lead nowhere.
        if (areNamesRight) TestChecks.Outcomes(protocol, report);
    }
}
