using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using FhirCarePlan.Fhir.Patching;
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
        if (answer.IsSent || response.HasStarted)
        {
            // What has left cannot be taken back: a client must not take a part for the whole.
            if (!answer.IsSuccess) http.Abort();
            return;
        }
        response.StatusCode = HttpStatus.Of(answer.Kind);
        response.Headers.CacheControl = "private, no-store";
        response.Headers.Vary = "Authorization, Accept, Accept-Encoding";
        if (answer.VersionId is { } version) response.Headers.ETag = HttpStatus.ETag(version);
        if (answer.LastModified is { } modified) response.Headers.LastModified = modified.ToString("R", CultureInfo.InvariantCulture);
        if (answer.Location is { } location) response.Headers.Location = $"{baseUrl}/{location}";
        if (answer.ContentLocation is { } place) response.Headers.ContentLocation = $"{baseUrl}/{place}";
        if (answer.Progress is { } progress) response.Headers["X-Progress"] = progress;
        if (answer.Expires is { } expires) response.Headers.Expires = expires.ToString("R", CultureInfo.InvariantCulture);
        if (answer.Allow is { } allow) response.Headers.Allow = allow;
        if (TellsPatches(http.Request, answer)) response.Headers["Accept-Patch"] = PatchTypes.All;
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
        if (answer.Content is { } content)
        {
            await WriteContent(http, content);
            return;
        }
        if (!answer.Json.IsEmpty)
        {
            response.ContentType = "application/json";
            response.ContentLength = answer.Json.Length;
            await response.BodyWriter.WriteAsync(answer.Json, http.RequestAborted);
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

    /// <summary>https://www.rfc-editor.org/rfc/rfc5789#section-3.1</summary>
    private static bool TellsPatches(HttpRequest request, Answer answer) =>
        HttpMethods.IsPatch(request.Method) ? answer.Kind == AnswerKind.UnsupportedMedia
        : HttpMethods.IsOptions(request.Method) && answer.Allow?.Contains(HttpMethods.Patch, StringComparison.Ordinal) == true;

    private const int Block = 1 << 16;

    /// <summary>What a Binary holds comes from anybody: a browser saves it, guesses nothing, and runs nothing of it.</summary>
    private static async ValueTask WriteContent(HttpContext http, Content content)
    {
        var headers = http.Response.Headers;
        http.Response.ContentType = content.MediaType;
        http.Response.ContentLength = content.Length;
        headers.ContentDisposition = "attachment";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
        if (content.SecurityContext is { } context && context.All(c => c is > ' ' and <= '~')) headers["X-Security-Context"] = context;
        if (HttpMethods.IsHead(http.Request.Method)) return;
        for (var rest = content.Base64; !rest.IsEmpty;)
        {
            var part = rest[..Math.Min(rest.Length, Block)];
            var room = http.Response.BodyWriter.GetMemory(Block);
            if (Base64.DecodeFromUtf8(part.Span, room.Span, out _, out var written) != OperationStatus.Done) throw new InvalidDataException("the content of a Binary is not base64");
            http.Response.BodyWriter.Advance(written);
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            rest = rest[part.Length..];
        }
    }
}
