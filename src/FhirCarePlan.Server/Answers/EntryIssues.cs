using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Answers;

/// <summary>Issues of an entry, with their expression under that entry: `Bundle.entry[2].resource.status`.</summary>
public static class EntryIssues
{
    public static Answer Placed(Answer answer, int entry) =>
        answer with { Location = null, Issues = [.. answer.Issues.Select(i => Placed(i, entry))] };

    public static Issue Placed(Issue issue, int entry) => issue with
    {
        Expression = issue.Expression is "" ? $"Bundle.entry[{entry}]"
            : issue.Expression.StartsWith("Bundle.entry[", StringComparison.Ordinal) ? issue.Expression
            : $"Bundle.entry[{entry}].resource{(issue.Expression.IndexOf('.') is >= 0 and var dot ? issue.Expression[dot..] : "")}",
        Line = 0,
        Column = 0,
    };
}
