namespace FhirCarePlan.Fhir.Model;

public enum IssueSeverity { Fatal, Error, Warning, Information }

/// <summary>The codes of R4's issue-type that we use. https://hl7.org/fhir/R4/valueset-issue-type.html</summary>
public static class IssueType
{
    public const string Invalid = "invalid", Structure = "structure", Required = "required", Value = "value", Invariant = "invariant",
        Security = "security", Login = "login", Forbidden = "forbidden", Processing = "processing", NotSupported = "not-supported",
        Duplicate = "duplicate", NotFound = "not-found", Deleted = "deleted", TooLong = "too-long", CodeInvalid = "code-invalid",
        Extension = "extension", TooCostly = "too-costly", BusinessRule = "business-rule", Conflict = "conflict", Transient = "transient",
        Exception = "exception", Timeout = "timeout", Throttled = "throttled", Informational = "informational", Expired = "expired";
}

/// <summary>One finding about an input; an OperationOutcome.issue. https://hl7.org/fhir/R4/operationoutcome.html</summary>
/// <param name="Expression">FHIRPath of the element: `CarePlan.activity[0].detail`; empty when there is none.</param>
/// <param name="Text">What was found and what it must be, the caller's words in backticks. Never content that identifies a person.</param>
public sealed record Issue(IssueSeverity Severity, string Code, string Expression, string Text)
{
    /// <summary>The constraint key or the rule's id: `cpa-cp-4`, `cardinality`, `required-binding`.</summary>
    public string? Key { get; init; }
    /// <summary>Canonical of the profile that asks for it; null for base R4.</summary>
    public string? Profile { get; init; }
    /// <summary>1-based place in the source, 0 when unknown.</summary>
    public int Line { get; init; }
    public int Column { get; init; }
    /// <summary>True when the source could not be read at all (400), false when it was read and is not R4 (422).</summary>
    public bool IsMalformed { get; init; }
    public bool IsError => Severity <= IssueSeverity.Error;
}

/// <summary>Collects issues; allocates nothing while all is well.</summary>
public sealed class Report
{
    private List<Issue>? issues;

    public IReadOnlyList<Issue> Issues => issues ?? (IReadOnlyList<Issue>)[];
    public bool HasErrors { get; private set; }
    public bool IsEmpty => issues is null;

    public void Add(Issue issue)
    {
        (issues ??= []).Add(issue);
        HasErrors |= issue.IsError;
    }

    public void Error(string code, Node at, string key, string text, string? profile = null) => Add(IssueSeverity.Error, code, at, key, text, profile);
    public void Warning(string code, Node at, string key, string text, string? profile = null) => Add(IssueSeverity.Warning, code, at, key, text, profile);
    public void Information(string code, Node at, string key, string text, string? profile = null) => Add(IssueSeverity.Information, code, at, key, text, profile);

    public void Add(IssueSeverity severity, string code, Node at, string key, string text, string? profile = null)
    {
        var (line, column) = at.IsMissing ? (0, 0) : at.Position;
        Add(new Issue(severity, code, at.IsMissing ? "" : at.Location, text) { Key = key, Profile = profile, Line = line, Column = column });
    }
}
