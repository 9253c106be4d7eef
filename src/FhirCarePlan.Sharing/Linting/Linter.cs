using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing;

/// <summary>Looks for statements that an agreement cannot mean, and for necessary ones that it lacks. Each check has an id, the line, and
/// what to do.</summary>
public static class Linter
{
    private delegate void ProtocolCheck(Protocol protocol, ProtocolReport report);

    private static readonly ProtocolCheck[] checks =
    [
        NameChecks.Ids, NameChecks.Bits, NameChecks.Categories, CodeChecks.Names, CodeChecks.Lists, NameChecks.Parties, NameChecks.Used,
        LegalChecks.Gateways, LegalChecks.ConsentAsArticle6, LegalChecks.Overrides, LegalChecks.Dates,
        RuleChecks.PartiesThatMayNot, RuleChecks.ConflictingPairs, RuleChecks.Clearances, RuleChecks.Defaults, RuleChecks.Unreachable,
    ];

    public static IReadOnlyList<ProtocolIssue> Check(Protocol protocol, string file = "")
    {
        var report = new ProtocolReport(file);
        foreach (var check in checks) check(protocol, report);
        // The file's own tests can only run once its names are right.
        if (!report.HasErrors) TestChecks.Outcomes(protocol, report);
        return [.. report.Issues.OrderBy(i => i.Severity != IssueSeverity.Error).ThenBy(i => i.Line)];
    }
}
