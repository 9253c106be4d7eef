using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation;

/// <summary>What a run has found, in the order it was found; handed over in the order of the document.</summary>
internal sealed class Findings(int max, IssueSeverity least = IssueSeverity.Information)
{
    private List<(int Node, Issue Issue)>? found;

    public int Errors { get; private set; }

    /// <summary>False when issues of the severity are not kept, so that nobody need word them.</summary>
    public bool Wants(IssueSeverity severity) => severity <= least && !IsFull;

    public bool IsFull { get; private set; }

    public void Add(IssueSeverity severity, string code, Node at, string key, string text, string? profile)
    {
        if (!Wants(severity)) return;
        var location = at.IsMissing ? "" : at.Location;
        found ??= [];
        // A profile repeats what its base and its slices say.
        foreach (var (_, issue) in found)
            if (issue.Key == key && issue.Expression == location && issue.Text == text) return;
        if (severity <= IssueSeverity.Error) Errors++;
        found.Add((at.IsMissing ? 0 : at.Index, new Issue(severity, code, location, text) { Key = key, Profile = profile }));
        IsFull = found.Count >= max;
    }

    public void HandOver(Document document, Report report)
    {
        if (found == null) return;
        foreach (var (node, issue) in found.OrderBy(f => f.Node))
        {
            var (line, column) = document[node].Position;
            report.Add(issue with { Line = line, Column = column });
        }
        if (IsFull)
            report.Add(new Issue(IssueSeverity.Warning, IssueType.TooCostly, "", $"There are {max} issues already; checking has stopped") { Key = "max-issues" });
    }
}
