using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Sharing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>The one event of one HTTP request (src/docs/sharing.md#the-ledger): opened before any question is asked, closed with the
/// answer. Writing entries of a batch commit their part of it with their change; everything else is in the part that closes it.</summary>
public sealed class LedgerEvent(string correlation, DateTimeOffset at)
{
    private readonly List<AuditDetail> kept = [];

    public string Id { get; } = RandomId.Next();
    /// <summary>Goes back to the caller, so that answer and event can be put together.</summary>
    public string CorrelationId => correlation;
    /// <summary>True once the event is durable: its answer may leave.</summary>
    public bool IsOnRecord { get; set; }

    /// <summary>True once an entry of a batch is stored: then "nothing was changed" is no longer true.</summary>
    public bool HasParts { get; set; }

    /// <summary>Null for a caller without a valid token.</summary>
    public Caller? Caller { get; set; }
    /// <summary>Code of the purpose stated, if the agreement knows it.</summary>
    public string? Purpose { get; set; }
    /// <summary>`read`, `search-type`, `validate`; `unknown` for an address that names no interaction.</summary>
    public string Interaction { get; set; } = "unknown";
    /// <summary>As asked for: `Type/id`, `Type`, or nothing.</summary>
    public string Target { get; set; } = "";
    public string? Query { get; set; }

    /// <summary>Details for the part that closes the event.</summary>
    public void Keep(IEnumerable<AuditDetail> details) => kept.AddRange(details);

    /// <summary>A part that is committed with a change of its own while the event is still open.</summary>
    public AuditEntry Part(IReadOnlyList<AuditDetail> details) =>
        Entry(AuditOutcome.Success, 200) with { IsPart = true, Details = details };

    public AuditEntry Close(Answer answer, IReadOnlyList<AuditDetail> details)
    {
        var status = HttpStatus.Of(answer.Kind);
        return Entry(answer.IsSuccess ? AuditOutcome.Success : status < 500 ? AuditOutcome.Minor : AuditOutcome.Serious, status) with
        {
            Reason = answer.IsSuccess ? null : Told(answer),
            Details = kept.Count == 0 ? details : [.. kept, .. details],
        };
    }

    private bool IsSystem => Caller?.Issuer == SystemActor.Issuer;

    private AuditEntry Entry(AuditOutcome outcome, int status) => new()
    {
        Id = Id,
        At = at,
        Interaction = Interaction,
        Outcome = outcome,
        Status = status,
        Subject = Caller?.Subject ?? "anonymous",
        // The service's own actors act for a party, but nobody of that party asked.
        Party = IsSystem ? null : Caller?.Party,
        Role = Caller?.Role,
        Purpose = Purpose,
        Agent = Caller is null ? null : Caller.PractitionerRole ?? Caller.RelatedPerson ?? Caller.Patient,
        Organization = IsSystem ? null : Caller?.Organization,
        Target = Target,
        Query = Query,
        CorrelationId = correlation,
    };

    /// <summary>Says what the answer told the caller, and no more.</summary>
    private static string Told(Answer answer) => answer.Kind switch
    {
        AnswerKind.NotAuthenticated => "not-authenticated",
        AnswerKind.NotFound => "absent",
        AnswerKind.Forbidden => answer.Issues is [{ Key: { } gate }, ..] ? gate : "forbidden",
        AnswerKind.Malformed or AnswerKind.Unprocessable => "invalid",
        AnswerKind.Stale or AnswerKind.PreconditionRequired => "precondition",
        AnswerKind.NotAllowed => "not-allowed",
        AnswerKind.NotSupported => "not-supported",
        AnswerKind.NotAcceptable or AnswerKind.UnsupportedMedia => "format",
        AnswerKind.Gone => "deleted",
        AnswerKind.Conflict => "conflict",
        AnswerKind.TooLarge => "too-costly",
        AnswerKind.TooMany => "throttled",
        _ => "failed",
    };
}
