using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Requests;

/// <summary>`If-Match` and `If-None-Match` against the caller's view; the four core types require `If-Match`. All writes, alone or in a
/// bundle, come here. https://hl7.org/fhir/R4/http.html#concurrency, https://www.rfc-editor.org/rfc/rfc9110#section-13</summary>
public static class Preconditions
{
    /// <summary>A precondition that the interaction does not know: passing over it would do what the client wanted to rule out.</summary>
    public static Answer? Misplaced(FhirRequest request) => request is { IfNoneExist: not null, Interaction: { Writes: true, Action: not "create" } }
        ? Answer.Refuse(AnswerKind.Malformed, IssueType.NotSupported,
            "If-None-Exist belongs to a create (POST). To update or create by criteria, send PUT with the criteria in the address", key: "if-none-exist")
        : null;

    /// <summary>Null when they are met. Deleted, hidden and absent are the same: there is no version that could match.</summary>
    public static Answer? Check(Work work, FhirRequest request, Seen? seen)
    {
        var current = seen is { Version.IsDeleted: false } ? work.Sight.Shown(seen).VersionId : null;
        if (request.IfNoneMatch is { Length: > 0 } unwanted && current != null && Names(unwanted, current))
            return Answer.Refuse(AnswerKind.Stale, IssueType.Conflict, "If-None-Match asks to write only where there is no such resource, and there is one",
                key: "if-none-match");
        if (request.IfMatch is { Length: > 0 } wanted)
            return current is null
                ? Answer.Refuse(AnswerKind.Stale, IssueType.Conflict, "If-Match names a version, but in your view there is no such resource now",
                key: "if-match")
                : Names(wanted, current) ? null
                : Answer.Refuse(AnswerKind.Stale, IssueType.Conflict,
                    "The version in If-Match is not the current one in your view. Read the resource again and send its ETag", key: "if-match");
        return current != null && StoredTypes.Core.Contains(request.Type) && !request.IsTrial
            ? Answer.Refuse(AnswerKind.PreconditionRequired, IssueType.Required,
                $"To change or delete a {request.Type}, send the header If-Match with the ETag of the version you read", key: "if-match")
            : null;
    }

    /// <summary>The header names this version, or every version.</summary>
    public static bool Names(string header, string versionId) => Any(header) || Tags(header).Contains(versionId);

    private static bool Any(string header) => header.Trim() == "*";

    /// <summary>`W/"a", "b"` → a, b; version ids hold no commas or quotes.</summary>
    private static IEnumerable<string> Tags(string header) =>
        header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(tag => (tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag).Trim('"'));
}
