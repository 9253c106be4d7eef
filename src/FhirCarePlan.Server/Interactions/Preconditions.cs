using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Interactions;

/// <summary>`If-Match` against the version the caller sees; required for the four core types. https://hl7.org/fhir/R4/http.html#concurrency</summary>
public static class Preconditions
{
    public static Answer? Check(Work work, FhirRequest request, Seen seen)
    {
        if (request.IfMatch is not { Length: > 0 } tag)
            return StoredTypes.Core.Contains(request.Type) && !request.IsTrial
                ? Answer.Refuse(AnswerKind.PreconditionRequired, IssueType.Required, $"Changing a {request.Type} needs the header If-Match with the ETag of the version you read", key: "if-match")
                : null;
        var wanted = tag.Trim();
        if (wanted.StartsWith("W/", StringComparison.Ordinal)) wanted = wanted[2..];
        wanted = wanted.Trim('"');
        return wanted == work.Sight.Shown(seen).VersionId
            ? null
            : Answer.Refuse(AnswerKind.Stale, IssueType.Conflict, "The resource has changed since the version in If-Match; read it again", key: "if-match");
    }
}
