using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Answers;

/// <summary>The outcome of a request, in the words of src/docs/sharing.md#statuses; only the response writer knows the status
/// codes.</summary>
public enum AnswerKind
{
    Ok, Created, Accepted, NoContent, NotModified,
    Malformed, NotAuthenticated, Forbidden, NotFound, NotSupported, NotAllowed, NotAcceptable, UnsupportedMedia, Gone, Conflict, Stale, TooLarge, Unprocessable, PreconditionRequired, TooMany, Unavailable,
    /// <summary>A stored resource is not as it was written.</summary>
    Damaged,
}

public sealed record Answer(AnswerKind Kind)
{
    /// <summary>A resource in canonical JSON; empty: an OperationOutcome of `Issues`, if there are any.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }
    /// <summary>An HTML page in place of a resource, for people who asked for one.</summary>
    public ReadOnlyMemory<byte> Page { get; init; }
    /// <summary>The content of a Binary in place of the resource.</summary>
    public Content? Content { get; init; }
    public IReadOnlyList<Issue> Issues { get; init; } = [];
    /// <summary>Notes on a write that succeeded, for a client that prefers an OperationOutcome.</summary>
    public IReadOnlyList<Issue> Notes { get; init; } = [];
    public string? VersionId { get; init; }
    public DateTimeOffset? LastModified { get; init; }
    /// <summary>Relative to the base: `CarePlan/x/_history/y`.</summary>
    public string? Location { get; init; }
    /// <summary>Relative to the base: where the answer to a request that goes on in the background is asked for.</summary>
    public string? ContentLocation { get; init; }
    /// <summary>Of what goes on in the background: how far it is.</summary>
    public string? Progress { get; init; }
    public DateTimeOffset? Expires { get; init; }
    /// <summary>JSON that does not hold a resource, such as the manifest of an export.</summary>
    public ReadOnlyMemory<byte> Json { get; init; }
    /// <summary>It has left already, piece by piece.</summary>
    public bool IsSent { get; init; }
    /// <summary>To be done once the unit is committed, before the answer leaves.</summary>
    public Action? After { get; init; }
    /// <summary>Methods for a 405.</summary>
    public string? Allow { get; init; }

    /// <summary>`WWW-Authenticate` of a 401, and of a 403 for want of scopes.</summary>
    public string? Challenge { get; init; }

    /// <summary>After a refusal for load: seconds until it is worth trying again.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Of a bundle: what its entries count for, beside the request itself, where a caller's work is counted.</summary>
    public int Units { get; init; }

    public bool IsSuccess => Kind <= AnswerKind.NotModified;

    /// <summary>A handler's word for "not in the caller's view"; the pipeline says it in the one 404's words.</summary>
    public static Answer NotHere { get; } = new(AnswerKind.NotFound);

    public static Answer Unavailable { get; } =
        Refuse(AnswerKind.Unavailable, IssueType.Transient, "The request could not be completed, and nothing was changed. Try again in a moment") with { RetryAfter = 1 };

    public static Answer Damaged { get; } = Refuse(AnswerKind.Damaged, IssueType.Exception,
        "A stored resource is damaged, and nothing of it is shown. Tell the people who run this server, with the X-Correlation-Id", key: "damaged");

    public static Answer TooCostly(int limit) => Refuse(AnswerKind.TooLarge, IssueType.TooCostly,
        $"The answer would be larger than {limit} bytes. Ask for less at a time (`_count`, fewer includes, fewer entries)", key: "answer-size");

    public static Answer Refuse(AnswerKind kind, string code, string text, string expression = "", string? key = null) =>
        new(kind) { Issues = [new Issue(IssueSeverity.Error, code, expression, text) { Key = key }] };

    public static Answer Invalid(IReadOnlyList<Issue> issues) =>
        new(issues.Any(i => i.IsMalformed) ? AnswerKind.Malformed : AnswerKind.Unprocessable) { Issues = issues };
}
