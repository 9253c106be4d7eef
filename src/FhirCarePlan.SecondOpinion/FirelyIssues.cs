using System.Text.RegularExpressions;
using FhirCarePlan.Fhir.Model;
using Hl7.Fhir.Model;
using Hl7.Fhir.Utility;
using IssueType = FhirCarePlan.Fhir.Model.IssueType;

namespace FhirCarePlan.SecondOpinion;

/// <summary>Firely's findings under our names of rules, so that the two can be compared.</summary>
internal static partial class FirelyIssues
{
    /// <summary>Firely numbers its kinds of findings (`Hl7.Fhir.Support.Issue`); these have a name here.</summary>
    private static readonly Dictionary<string, string> Names = new()
    {
        ["1003"] = "type",
        ["1005"] = "max-length",
        ["1006"] = "format",
        ["1008"] = "fixed",
        ["1009"] = "pattern",
        ["1015"] = "reference-type",
        ["1026"] = "slice-closed",
        ["1027"] = "slice-order",
        ["1028"] = "cardinality",
        ["1100"] = "narrative",
        ["4000"] = "unresolved",
        ["6007"] = "required-binding",
    };

    public static Issue OfParser(CodedException fault) =>
        new(IssueSeverity.Error, IssueType.Structure, "", fault.Message) { Key = $"parser-{fault.ErrorCode}" };

    public static Issue Of(OperationOutcome.IssueComponent issue)
    {
        var text = issue.Details?.Text ?? issue.Diagnostics ?? "";
        var number = issue.Details?.Coding.FirstOrDefault()?.Code ?? "";
        var key = Constraint().Match(text) is { Success: true } constraint ? constraint.Groups[1].Value
            : Names.TryGetValue(number, out var name) ? name : $"firely-{number}";
        return new(SeverityOf(issue.Severity), issue.Code?.GetLiteral() ?? IssueType.Processing, issue.Expression.FirstOrDefault() ?? "",
            text)
        { Key = key };
    }

    private static IssueSeverity SeverityOf(OperationOutcome.IssueSeverity? severity) => severity switch
    {
        OperationOutcome.IssueSeverity.Fatal => IssueSeverity.Fatal,
        OperationOutcome.IssueSeverity.Warning => IssueSeverity.Warning,
        OperationOutcome.IssueSeverity.Information => IssueSeverity.Information,
        _ => IssueSeverity.Error,
    };

    [GeneratedRegex("failed constraint ([A-Za-z0-9-]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Constraint();
}
