using System.Globalization;
using FhirCarePlan.Server.Answers;

namespace FhirCarePlan.Server.Http;

/// <summary>Writes an answer as HTTP. https://hl7.org/fhir/R4/http.html</summary>
public static class ResponseWriter
{
    public static ReadOnlyMemory<byte> Body(Answer answer) =>
        !answer.Body.IsEmpty || answer.Issues.Count == 0 ? answer.Body : OutcomeJson.Write(answer.Issues);

    /// <param name="format">Null for the format that the address and headers ask for, or JSON.</param>
    public static async ValueTask Write(HttpContext http, Answer answer, string baseUrl, AnswerFormat? format = null)
    {
        var response = http.Response;
        response.StatusCode = HttpStatus.Of(answer.Kind);
        response.Headers.CacheControl = "private, no-store";
        response.Headers.Vary = "Authorization, Accept, Accept-Encoding";
        if (answer.VersionId is { } version) response.Headers.ETag = HttpStatus.ETag(version);
        if (answer.LastModified is { } modified) response.Headers.LastModified = modified.ToString("R", CultureInfo.InvariantCulture);
        if (answer.Location is { } location) response.Headers.Location = $"{baseUrl}/{location}";
        if (answer.Allow is { } allow) response.Headers.Allow = allow;
        if (answer.Kind == AnswerKind.NotAuthenticated || answer.Challenge is not null) response.Headers.WWWAuthenticate = answer.Challenge ?? "Bearer";
        if (answer.RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (!answer.Page.IsEmpty)
        {
            response.ContentType = "text/html; charset=utf-8";
            response.Headers.ContentSecurityPolicy = Operations.DisclosurePage.ContentSecurityPolicy;
            response.ContentLength = answer.Page.Length;
            await response.BodyWriter.WriteAsync(answer.Page, http.RequestAborted);
            return;
        }
        var body = Body(answer);
        if (body.IsEmpty || answer.Kind == AnswerKind.NoContent) return;
        format ??= AnswerFormat.Of(http.Request, RequestReader.Query(http)) ?? AnswerFormat.Default;
        body = format.Write(body);
        response.ContentType = format.ContentType;
        if (AnswerEncoding.Of(http.Request, body.Length) is { } encoding)
        {
            body = AnswerEncoding.Write(encoding, body);
            response.Headers.ContentEncoding = encoding;
        }
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }
}
