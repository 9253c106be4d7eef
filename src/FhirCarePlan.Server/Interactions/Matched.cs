using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The answer to a conditional create where the resource is there already: nothing is written, and the client learns where it is.
/// https://hl7.org/fhir/R4/http.html#ccreate</summary>
internal static class Matched
{
    private static readonly Issue AlreadyHere = new(IssueSeverity.Information, IssueType.Informational, "", "One resource meets the criteria, so nothing was created");

    public static Answer Show(Exchange asked, string id)
    {
        var request = asked.Request;
        var read = asked.Pipeline.Perform(asked.Work, request with { Interaction = Table.Read, Id = id, Query = "", IfNoneMatch = null, IfModifiedSince = null });
        // Found by a search that the scopes allow, and not to be read by them.
        if (read.Kind is AnswerKind.NotFound or AnswerKind.Forbidden) return new Answer(AnswerKind.Ok) { Location = $"{request.Type}/{id}" };
        // The transaction that creates it conditionally deletes it as well.
        if (!read.IsSuccess) return Answer.Refuse(AnswerKind.Conflict, IssueType.Duplicate, "Two entries of one transaction concern the same resource", key: "transaction-clash");
        var version = read.VersionId is { } current ? $"/_history/{current}" : "";
        return read with
        {
            Location = $"{request.Type}/{id}{version}",
            Body = request.Return == Return.Representation ? read.Body : default,
            Issues = request.Return == Return.OperationOutcome ? [AlreadyHere] : [],
        };
    }
}
