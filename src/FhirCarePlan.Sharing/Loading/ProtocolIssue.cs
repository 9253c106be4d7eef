using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing;

/// <summary>One thing to say about a protocol file.</summary>
/// <param name="Check">Id of the check: `yaml`, `unknown-key`, `no-article-9` …</param>
/// <param name="File">Name of the file, without folder.</param>
/// <param name="Line">1-based; 0 when it is about the file as a whole.</param>
/// <param name="Mend">What to do about it.</param>
public sealed record ProtocolIssue(string Check, IssueSeverity Severity, string File, int Line, string Text, string Mend)
{
    /// <summary>1-based; 0 when only the line is known.</summary>
    public int Column { get; init; }
    public bool IsError => Severity <= IssueSeverity.Error;
    /// <summary>Says what the agreement lacks in tests alone: a draft can be read before its tests are written.</summary>
    public bool IsOfTests => Check is "test-fails" or "rule-without-permitting-test" or "rule-without-denying-test";
    /// <summary>Why it matters; null for what is not a check of a file.</summary>
    public string? Why => Checks.Of(Check)?.Why;

    public override string ToString() =>
        $"{File}{(Line > 0 ? $":{Line}" : "")}{(Column > 0 ? $":{Column}" : "")} {Severity.ToString().ToLowerInvariant()} {Check}: {Text} "
            + $"{Mend}";
}
