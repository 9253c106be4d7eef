using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Patching;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Requests;

/// <summary>One thing asked of the server, by HTTP or by an entry of a bundle: the pipeline does not know which.</summary>
public sealed record FhirRequest
{
    public required Interaction Interaction { get; init; }
    public required Caller Caller { get; init; }
    /// <summary>The ledger's event of the HTTP request; the entries of a bundle share one.</summary>
    public required LedgerEvent Event { get; init; }
    /// <summary>`http://localhost:5080/fhir`, no slash at the end.</summary>
    public required string BaseUrl { get; init; }
    public string Type { get; init; } = "";
    public string Id { get; init; } = "";
    /// <summary>Of `Patient/1/Condition`: `Patient` and `1`.</summary>
    public (string Type, string Id)? Compartment { get; init; }
    public string VersionId { get; init; } = "";
    /// <summary>Below the base: of an interaction that takes any address.</summary>
    public string Path { get; init; } = "";
    /// <summary>As sent, escapes and all, without `?`.</summary>
    public string Query { get; init; } = "";
    public ReadOnlyMemory<byte> Body { get; init; }
    public ResourceFormat BodyFormat { get; init; }
    /// <summary>The body is NDJSON.</summary>
    public bool IsLines { get; init; }
    /// <summary>What the body of a patch is.</summary>
    public PatchFormat PatchFormat { get; init; }
    /// <summary>Entity tags as sent: `W/"x"`, several with commas, `*`.</summary>
    public string? IfMatch { get; init; }
    public string? IfNoneMatch { get; init; }
    /// <summary>Criteria as in a query; empty is not the same as null.</summary>
    public string? IfNoneExist { get; init; }
    public DateTimeOffset? IfModifiedSince { get; init; }
    /// <summary>The address named the resource by criteria, so the body may lack the id.</summary>
    public bool IsConditional { get; init; }
    /// <summary>Of a conditional create in a transaction: the id of the resource that is there already.</summary>
    public string? Existing { get; init; }
    /// <summary>A trial: a missing If-Match is not a fault.</summary>
    public bool IsTrial { get; init; }
    /// <summary>An entry of a batch: its event stays open until the whole batch is done.</summary>
    public bool IsEntry { get; init; }
    /// <summary>Null when the client prefers nothing.</summary>
    public Return? Prefers { get; init; }
    /// <summary>A person asks for a page (`Accept: text/html`, `_format=html`), of an operation that has one.</summary>
    public bool WantsPage { get; init; }
    /// <summary>Of a read of a Binary: the media types in which its content itself is wanted, not the resource; empty for any, null for
    /// none.</summary>
    public IReadOnlyList<string>? AcceptsContent { get; init; }
    /// <summary>`Prefer: respond-async`. https://www.rfc-editor.org/rfc/rfc7240#section-4.1</summary>
    public bool IsAsync { get; init; }
    /// <summary>One of many pieces of an answer: what it shows is on record before it leaves.</summary>
    public bool IsPiece { get; init; }
    /// <summary>Headers alone are asked for.</summary>
    public bool IsHead { get; init; }
    /// <summary>Media type → the body of an answer that is written while it is made; null where it cannot be.</summary>
    public Func<string, Stream>? Open { get; init; }
    /// <summary>`Prefer: handling=lenient`.</summary>
    public bool IsLenient { get; init; }

    /// <summary>The address of a search below the base: `Condition`, `Patient/1/Condition`, `Patient/1/*`, or nothing.</summary>
    public string SearchPath => Compartment is var (owner, id) ? $"{owner}/{id}/{(Type.Length > 0 ? Type : "*")}" : Type;

    public Return Return => Prefers ?? Return.Representation;
}

/// <summary>`Prefer: return=…`. https://hl7.org/fhir/R4/http.html#ops</summary>
public enum Return { Representation, Minimal, OperationOutcome }
