using System.Globalization;

namespace FhirCarePlan.Server.Http;

/// <summary>The only place that knows HTTP status codes. https://hl7.org/fhir/R4/http.html</summary>
public static class ResponseWriter
{
    public static int Status(AnswerKind kind) => kind switch
    {
        AnswerKind.Ok => 200,
        AnswerKind.Created => 201,
        AnswerKind.NoContent => 204,
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
        AnswerKind.Unavailable => 503,
        _ => 500,
    };

    public static string ETag(string versionId) => $"W/\"{versionId}\"";

    public static ReadOnlyMemory<byte> Body(Answer answer) =>
        !answer.Body.IsEmpty || answer.Issues.Count == 0 ? answer.Body : OutcomeJson.Write(answer.Issues);

    /// <param name="format">Null for what the address and headers ask for, or JSON.</param>
    public static async ValueTask Write(HttpContext http, Answer answer, string baseUrl, AnswerFormat? format = null)
    {
        var response = http.Response;
        response.StatusCode = Status(answer.Kind);
        response.Headers.CacheControl = "private, no-store";
        response.Headers.Vary = "Authorization, Accept";
        if (answer.VersionId is { } version) response.Headers.ETag = ETag(version);
        if (answer.LastModified is { } modified) response.Headers.LastModified = modified.ToString("R", CultureInfo.InvariantCulture);
        if (answer.Location is { } location) response.Headers.Location = $"{baseUrl}/{location}";
        if (answer.Allow is { } allow) response.Headers.Allow = allow;
        if (answer.Kind == AnswerKind.NotAuthenticated) response.Headers.WWWAuthenticate = "Bearer";
        if (answer.Kind == AnswerKind.Unavailable) response.Headers.RetryAfter = "1";
        var body = Body(answer);
        if (body.IsEmpty || answer.Kind == AnswerKind.NoContent) return;
        format ??= AnswerFormat.Of(http.Request, RequestReader.Query(http)) ?? AnswerFormat.Default;
        body = format.Write(body);
        response.ContentType = format.ContentType;
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }
}
