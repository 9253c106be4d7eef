using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Server.Requests;

/// <summary>Refusals that more than one step says, each in one set of words.</summary>
public static class Refusals
{
    public static Answer Gone { get; } = Answer.Refuse(AnswerKind.Gone, IssueType.Deleted, "This resource was deleted");

    public static Answer Broken { get; } = Answer.Refuse(AnswerKind.Unavailable, IssueType.Transient,
        "The request could not be completed, and nothing was changed. Try again; if you report it, give the X-Correlation-Id") with
    { RetryAfter = 1 };

    /// <summary>The database went away while the change was being stored.</summary>
    public static Answer NotKnown { get; } = Answer.Refuse(AnswerKind.Unavailable, IssueType.Transient,
        "The database was lost while the change was being stored, so it may be stored or not. Read before you send it again", key: "not-known") with
    { RetryAfter = 5 };

    /// <summary>For a batch whose entries are stored but whose closing event is not.</summary>
    public static Answer PartlyDone { get; } = Answer.Refuse(AnswerKind.Unavailable, IssueType.Transient,
        "Some entries of this batch were stored, but the answers were lost. Search for them before you send them again") with
    { RetryAfter = 1 };

    public static Answer Forbidden(Refusal refusal) => Answer.Refuse(AnswerKind.Forbidden, IssueType.Forbidden, refusal.Text, key: refusal.Gate);

    /// <param name="why">A sentence, then `|` and the methods that the address answers; none: this type has no such address.</param>
    public static Answer NotOnType(string why)
    {
        var bar = why.IndexOf('|');
        return Answer.Refuse(bar == why.Length - 1 ? AnswerKind.NotSupported : AnswerKind.NotAllowed, IssueType.NotSupported, why[..bar]) with { Allow = bar == why.Length - 1 ? null : why[(bar + 1)..] };
    }

    /// <summary>An unfinished or broken HTTP body; null for anything else.</summary>
    public static Answer? ToBrokenInput(Exception e) => e switch
    {
        BadHttpRequestException { StatusCode: 413 } => Answer.Refuse(AnswerKind.TooLarge, IssueType.TooLong, "The body is larger than allowed"),
        BadHttpRequestException =>
            Answer.Refuse(AnswerKind.Malformed, IssueType.Structure, "The request is not well-formed HTTP, or its body ended early"),
        _ => null,
    };

    /// <summary>The resource is not the one that the address says. R4 wants 400 where the id is missing or another.</summary>
    public static Answer? Mismatch(Node resource, FhirRequest request)
    {
        if (resource.Type.Name != request.Type)
            return Answer.Invalid([new Issue(IssueSeverity.Error, IssueType.Invalid, resource.Location, $"The body is a `{resource.Type.Name}`; the address says `{request.Type}`{Hints.ForType(resource, request)}") { Key = "type-mismatch" }]);
        if (request.Interaction.Level == Level.Instance && resource.TextOf("id") is var id && id != request.Id && !(id is null && request.IsConditional))
            return Answer.Refuse(AnswerKind.Malformed, IssueType.Invalid, id is { } other
                ? $"The body's `id` is `{(other.Length > 64 ? other[..64] : other)}`; it must be the one in the address" : "The body has no `id`; it must be the one in the address", $"{resource.Type.Name}.id", "id-mismatch");
        if (Marks.PartOf(resource) is { IsMissing: false } part)
            return Answer.Invalid([new Issue(IssueSeverity.Error, IssueType.BusinessRule, part.Location, "This is a part of a resource (SUBSETTED), and storing it would lose the rest. Read the whole resource and change that") { Key = "subsetted" }]);
        return request.Interaction.Level == Level.Instance && request.Id.Length is 0 or > 64
            ? Answer.Invalid([new Issue(IssueSeverity.Error, IssueType.Value, $"{resource.Type.Name}.id", "An id has 1 to 64 characters") { Key = "format" }]) : null;
    }
}
