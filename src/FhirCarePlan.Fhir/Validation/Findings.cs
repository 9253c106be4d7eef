using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation;

/// <summary>The findings of a run, in the order they were found; handed over in the order of the document.</summary>
/// <param name="max">So many errors stop the run. As many warnings and notes are kept; they never stop it, so that errors cannot hide
/// behind them.</param>
internal sealed class Findings(int max, IssueSeverity least = IssueSeverity.Information)
{
    private List<(int Node, Issue Issue)>? found;
    private int others;

    public int Errors { get; private set; }

    public bool IsFull => Errors >= max;

    /// <summary>False when issues of the severity are not kept, so they need no words.</summary>
    public bool Wants(IssueSeverity severity) => severity <= least && (severity <= IssueSeverity.Error ? Errors : others) < max;

    public void Add(IssueSeverity severity, string code, Node at, string key, string text, string? profile)
    {
        if (!Wants(severity)) return;
        var node = at.IsMissing ? 0 : at.Index;
        found ??= [];
        // A profile repeats what its base and its slices say.
        foreach (var (other, issue) in found)
            if (other == node && issue.Key == key && issue.Text == text) return;
        if (severity <= IssueSeverity.Error) Errors++;
        else others++;
        found.Add((node, new Issue(severity, code, at.Location, text) { Key = key, Profile = profile }));
    }

    /// <summary>A code that is none of its system is also outside of the value set that the element is bound to: one mistake, one error,
    /// and the value set tells the sender what to write.</summary>
    private static void SayOnce(List<(int Node, Issue Issue)> found)
    {
        if (!found.Exists(f => f.Issue is { Key: "code-unknown", IsError: true })) return;
        var outside = found.Where(f => f.Issue is { Key: "required-binding", IsError: true }).Select(f => f.Issue.Expression).ToList();
        found.RemoveAll(f => f.Issue.Key == "code-unknown"
            && outside.Exists(o => f.Issue.Expression.StartsWith(o, StringComparison.Ordinal)));
    }

    public void HandOver(Document document, Report report)
    {
        if (found == null) return;
        SayOnce(found);
        var lines = new LineCounter(document.Utf8.Span);
        foreach (var (node, issue) in InOrder(found))
        {
            // A source that is not JSON says itself where its nodes are.
            var (line, column) = document.Places != null ? document[node].Position : lines.At(document[node].Offset);
            report.Add(issue with { Line = line, Column = column });
        }
        if (IsFull) report.Add(Note($"There are {max} errors already; checking stopped, and the rest was not checked"));
        else if (others >= max) report.Add(Note($"There are {max} warnings and notes already; from here on only errors are listed"));
    }

    /// <summary>Most runs find them in the order of the document.</summary>
    private static IEnumerable<(int Node, Issue Issue)> InOrder(List<(int Node, Issue Issue)> found)
    {
        for (var i = 1; i < found.Count; i++)
            if (found[i].Node < found[i - 1].Node) return found.OrderBy(f => f.Node);
        return found;
    }

    private static Issue Note(string text) => new(IssueSeverity.Information, IssueType.TooCostly, "", text) { Key = "max-issues" };

    /// <summary>1-based places of a source, each counted on from the one before where it can be.</summary>
    private ref struct LineCounter(ReadOnlySpan<byte> utf8)
    {
        private readonly ReadOnlySpan<byte> utf8 = utf8;
        private int last, line = 1, lineStart;

        public (int Line, int Column) At(int offset)
        {
            if (offset < last) (last, line, lineStart) = (0, 1, 0);
            var between = utf8[last..offset];
            line += between.Count((byte)'\n');
            if (between.LastIndexOf((byte)'\n') is >= 0 and var at) lineStart = last + at + 1;
            last = offset;
            return (line, offset - lineStart + 1);
        }
    }
}
