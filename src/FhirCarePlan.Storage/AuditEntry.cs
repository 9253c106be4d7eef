namespace FhirCarePlan.Storage;

/// <summary>One row of the ledger. Rows with the same id are parts of one event: a batch writes one for each entry that changes something,
/// together with that change, and a last one that closes the event. Holds no content of resources, only references.
/// https://hl7.org/fhir/R4/auditevent.html</summary>
public sealed record AuditEntry
{
    /// <summary>The most ids of resources that one row keeps; beyond it the row keeps the counts and the query.</summary>
    public const int MostIds = 100;

    public required string Id { get; init; }
    public required DateTimeOffset At { get; init; }
    /// <summary>`read`, `search-type`, `batch`, `validate` …: https://hl7.org/fhir/R4/valueset-type-restful-interaction.html, operations by
    /// their names, `token` for a request at the token endpoint.</summary>
    public required string Interaction { get; init; }
    public required AuditOutcome Outcome { get; init; }
    /// <summary>Status code of the HTTP answer.</summary>
    public required int Status { get; init; }
    /// <summary>The token's subject; `anonymous` when there was no valid token.</summary>
    public required string Subject { get; init; }
    public string? Party { get; init; }
    public string? Role { get; init; }
    public string? Purpose { get; init; }
    /// <summary>`PractitionerRole/x`, `RelatedPerson/x` or `Patient/x`.</summary>
    public string? Agent { get; init; }
    public string? Organization { get; init; }
    /// <summary>As asked: `Type/id`, `Type`, or the path's own name; never a value of a query.</summary>
    public required string Target { get; init; }
    /// <summary>Names of query parameters, never values.</summary>
    public string? Query { get; init; }
    /// <summary>What the caller was told (`absent`, `invalid`, `forbidden` …), never more.</summary>
    public string? Reason { get; init; }
    public string? CorrelationId { get; init; }
    /// <summary>Another row of the same event follows.</summary>
    public bool IsPart { get; init; }
    public IReadOnlyList<AuditDetail> Details { get; init; } = [];
}

/// <summary>FHIR's codes. https://hl7.org/fhir/R4/valueset-audit-event-outcome.html</summary>
public enum AuditOutcome { Success = 0, /* refused or invalid */ Minor = 4, /* failed here */ Serious = 8 }

public enum AuditDetailKind { Shown, Written, Refused }

/// <summary>What a request did to the record of one person with one holder, or to the holder's part of the directory.</summary>
public sealed record AuditDetail
{
    public required AuditDetailKind Kind { get; init; }
    /// <summary>Key of the person; null for resources about nobody.</summary>
    public string? Person { get; init; }
    /// <summary>`Patient/x`.</summary>
    public string? Patient { get; init; }
    /// <summary>Party that holds the resources; null for what belongs to the service itself.</summary>
    public string? Holder { get; init; }
    public IReadOnlyList<string> Types { get; init; } = [];
    /// <summary>How many resources.</summary>
    public int Count { get; init; }
    /// <summary>`Type/id` of these resources, at most `AuditEntry.MostIds` in a row.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];
    /// <summary>Categories shown or written, as bits.</summary>
    public long Mask { get; init; }
    /// <summary>`protocol|version#rule` of each rule that decided.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];
    /// <summary>Gate of a refusal.</summary>
    public string? Gate { get; init; }
    /// <summary>The write ended or narrowed a refusal of the person.</summary>
    public bool IsWidening { get; init; }
}
