using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing;

/// <summary>Collects the issues of one file.</summary>
/// <param name="today">For what hangs on the day; null where the day must not matter.</param>
public sealed class ProtocolReport(string file, DateOnly? today = null)
{
    private readonly List<ProtocolIssue> issues = [];
    private readonly HashSet<int> unread = [];

    public string File => file;
    public DateOnly? Today => today;
    public IReadOnlyList<ProtocolIssue> Issues => issues;
    public bool HasErrors => issues.Exists(i => i.IsError);
    internal Places? Places { get; set; }
    /// <summary>True when lines had to be skipped, because they are not YAML.</summary>
    public bool IsTorn => unread.Count > 0;

    /// <summary>The part that begins on the line has an error already.</summary>
    public bool HasErrorAt(int line) => issues.Exists(i => i.IsError && i.Line == line);

    /// <param name="at">A word of the part that begins on the line: the issue points at it.</param>
    public void Error(string check, int line, string text, string mend, string? at = null) =>
        Add(check, IssueSeverity.Error, line, text, mend, at);

    /// <inheritdoc cref="Error"/>
    public void Warning(string check, int line, string text, string mend, string? at = null) =>
        Add(check, IssueSeverity.Warning, line, text, mend, at);

    /// <summary>An error at a known place.</summary>
    internal void ErrorAt(string check, (int Line, int Column) place, string text, string mend) =>
        issues.Add(new(check, IssueSeverity.Error, file, place.Line, text, mend) { Column = place.Column });

    private void Add(string check, IssueSeverity severity, int line, string text, string mend, string? at)
    {
        // An empty name was reported when it was read.
        if (text.Contains("``", StringComparison.Ordinal)) return;
        var place = Places?.Of(line, at) ?? (line, 0);
        issues.Add(new(check, severity, file, place.Item1, text, mend) { Column = place.Item2 });
    }

    internal void Skip(int line) => unread.Add(line);

    /// <summary>A skipped line within a part or next to it: what the part lacks may have stood there.</summary>
    internal bool IsTornBetween(int first, int last)
    {
        while (unread.Contains(last + 1)) last++;
        while (unread.Contains(first - 1)) first--;
        return unread.Any(line => first <= line && line <= last);
    }
}
