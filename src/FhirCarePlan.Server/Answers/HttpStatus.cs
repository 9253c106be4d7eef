namespace FhirCarePlan.Server.Answers;

/// <summary>The only place that knows HTTP status codes and entity tags. https://hl7.org/fhir/R4/http.html</summary>
public static class HttpStatus
{
    public static int Of(AnswerKind kind) => kind switch
    {
        AnswerKind.Ok => 200,
        AnswerKind.Created => 201,
        AnswerKind.Accepted => 202,
        AnswerKind.NoContent => 204,
        AnswerKind.NotModified => 304,
        AnswerKind.Malformed => 400,
        AnswerKind.NotAuthenticated => 401,
        AnswerKind.Forbidden => 403,
        AnswerKind.NotFound or AnswerKind.NotSupported => 404,
        AnswerKind.NotAllowed => 405,
        AnswerKind.NotAcceptable => 406,
        AnswerKind.Conflict => 409,
        AnswerKind.Gone => 410,
        AnswerKind.Stale => 412,
        AnswerKind.TooLarge => 413,
        AnswerKind.UnsupportedMedia => 415,
        AnswerKind.Unprocessable => 422,
        AnswerKind.PreconditionRequired => 428,
        AnswerKind.TooMany => 429,
        AnswerKind.Unavailable => 503,
        AnswerKind.Damaged => 500,
        _ => 500,
    };

    public static string ETag(string versionId) => $"W/\"{versionId}\"";
}
