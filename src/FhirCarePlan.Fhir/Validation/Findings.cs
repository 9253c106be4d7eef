using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation;

/// <summary>What a run has found, in the order it was found; handed over in the order of the document. Absurd inputs come to an end: after so
/// many errors checking stops, and so many other issues are kept; whatever is left out is said.</summary>
internal sealed class Findings(int max, IssueSeverity least = IssueSeverity.Information)
{
    private List<(int Node, Issue Issue)>? found;
    private int others;
    private bool isCut;

    public int Errors { get; private set; }

    /// <summary>False when issues of the severity are not kept, so that nobody need word them.</summary>
    public bool Wants(IssueSeverity severity)
    {
        if (severity > least) return false;
        if (severity <= IssueSeverity.Error) return !IsFull;
        if (others < max) return true;
        isCut = true;
        return false;
    }

    public bool IsFull => Errors >= max;

    public void Add(IssueSeverity severity, string code, Node at, string key, string text, string? profile)
    {
        if (!Wants(severity)) return;
        var location = at.IsMissing ? "" : at.Location;
        found ??= [];
        // A profile repeats what its base and its slices say.
        foreach (var (_, issue) in found)
            if (issue.Key == key && issue.Expression == location && issue.Text == text) return;
        if (severity <= IssueSeverity.Error) Errors++;
        else others++;
        found.Add((at.IsMissing ? 0 : at.Index, new Issue(severity, code, location, text) { Key = key, Profile = profile }));
    }

    public void HandOver(Document document, Report report)
    {
        if (found == null) return;
        // A stable sort: of one element, first what was found first.
        var last = (Node: -1, Place: (Line: 0, Column: 0));
        foreach (var (node, issue) in found.OrderBy(f => f.Node))
        {
            if (node != last.Node) last = (node, document[node].Position);
            report.Add(issue with { Line = last.Place.Line, Column = last.Place.Column });
        }
        var note = IsFull ? $"There are {max} errors already; checking has stopped, and what it had not reached is not checked"
            : isCut ? $"{max} warnings and notes are listed, further ones are not; errors are all listed" : null;
        if (note != null) report.Add(new Issue(IssueSeverity.Information, IssueType.TooCostly, "", note) { Key = "max-issues" });
    }
}
