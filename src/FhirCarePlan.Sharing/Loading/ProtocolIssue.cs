using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing;

/// <summary>One thing to say about a protocol file.</summary>
/// <param name="Check">Id of the check: `yaml`, `unknown-key`, `no-article-9` …</param>
/// <param name="File">Name of the file, without folder.</param>
/// <param name="Line">1-based; 0 when it is about the file as a whole.</param>
/// <param name="Mend">What to do about it.</param>
public sealed record ProtocolIssue(string Check, IssueSeverity Severity, string File, int Line, string Text, string Mend)
{
    public bool IsError => Severity <= IssueSeverity.Error;
    public override string ToString() =>
        $"{File}{(Line > 0 ? $":{Line}" : "")} {Severity.ToString().ToLowerInvariant()} {Check}: {Text} {Mend}";
}

/// <summary>Collects issues of one file.</summary>
public sealed class ProtocolReport(string file)
{
    private readonly List<ProtocolIssue> issues = [];

    public string File => file;
    public IReadOnlyList<ProtocolIssue> Issues => issues;
    public bool HasErrors => issues.Exists(i => i.IsError);

    public void Error(string check, int line, string text, string mend) =>
        issues.Add(new(check, IssueSeverity.Error, file, line, text, mend));
    public void Warning(string check, int line, string text, string mend) =>
        issues.Add(new(check, IssueSeverity.Warning, file, line, text, mend));
}
