using System.Runtime.InteropServices;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation;

/// <summary>What a run has found, in the order it was found; handed over in the order of the document.</summary>
/// <param name="max">So many errors stop the run. Of what is less than an error as many are kept: they never stop it, or errors would hide behind them.</param>
internal sealed class Findings(int max, IssueSeverity least = IssueSeverity.Information)
{
    // Not yet an Issue: where it lies is worked out for what is handed over, and much is thrown away (slices, one profile of several).
    private readonly record struct Finding(IssueSeverity Severity, string Code, Node At, string Key, string Text, string? Profile);

    private List<Finding>? found;
    private int others;

    public int Errors { get; private set; }

    public bool IsFull => Errors >= max;

    /// <summary>False when issues of the severity are not kept, so that nobody need word them.</summary>
    public bool Wants(IssueSeverity severity) => severity <= least && (severity <= IssueSeverity.Error ? Errors : others) < max;

    public void Add(IssueSeverity severity, string code, Node at, string key, string text, string? profile)
    {
        if (!Wants(severity)) return;
        found ??= [];
        // A profile repeats what its base and its slices say.
        foreach (ref readonly var other in CollectionsMarshal.AsSpan(found))
            if (other.At == at && other.Key == key && other.Text == text) return;
        if (severity <= IssueSeverity.Error) Errors++;
        else others++;
        found.Add(new Finding(severity, code, at, key, text, profile));
    }

    public void HandOver(Document document, Report report)
    {
        if (found == null) return;
        var lines = new LineCounter(document.Utf8.Span);
        foreach (var finding in found.OrderBy(f => f.At.IsMissing ? 0 : f.At.Index))
        {
            var (line, column) = lines.At(finding.At.IsMissing ? document.Root.Offset : finding.At.Offset);
            report.Add(new Issue(finding.Severity, finding.Code, finding.At.Location, finding.Text)
            {
                Key = finding.Key,
                Profile = finding.Profile,
                Line = line,
                Column = column,
            });
        }
        if (IsFull) report.Add(Note($"There are {max} errors already; checking has stopped, and what it had not reached is not checked"));
        else if (others >= max) report.Add(Note($"There are {max} warnings and notes already; more are not listed, errors are"));
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
