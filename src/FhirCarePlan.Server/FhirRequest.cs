using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server;

public enum Interaction
{
    Capabilities, Read, VRead, Create, Update, Delete, History, Search, Transaction, Batch, ValidateType, ValidateInstance, Explain,
}

/// <summary>One thing asked of the server, by HTTP or by an entry of a bundle: the pipeline does not know which.</summary>
public sealed record FhirRequest
{
    public required Interaction Interaction { get; init; }
    public required Caller Caller { get; init; }
    /// <summary>Goes back to the caller and into the audit trail, so that the two can be put together.</summary>
    public required string CorrelationId { get; init; }
    /// <summary>`http://localhost:5080/fhir`, no slash at the end.</summary>
    public required string BaseUrl { get; init; }
    public string Type { get; init; } = "";
    public string Id { get; init; } = "";
    public string VersionId { get; init; } = "";
    /// <summary>As sent, escapes and all, without `?`.</summary>
    public string Query { get; init; } = "";
    public ReadOnlyMemory<byte> Body { get; init; }
    public ResourceFormat BodyFormat { get; init; }
    /// <summary>Entity tags as sent: `W/"x"`.</summary>
    public string? IfMatch { get; init; }
    public string? IfNoneExist { get; init; }
    /// <summary>Only asked what would become of it: a missing If-Match is no fault.</summary>
    public bool IsTrial { get; init; }
    public Return Return { get; init; } = Return.Representation;
    /// <summary>`Prefer: handling=lenient`.</summary>
    public bool IsLenient { get; init; }
}

/// <summary>`Prefer: return=…`. https://hl7.org/fhir/R4/http.html#ops</summary>
public enum Return { Representation, Minimal, OperationOutcome }
