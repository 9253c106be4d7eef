using System.Buffers;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Patching;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Http.Limits;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing;
using Microsoft.Net.Http.Headers;

namespace FhirCarePlan.Server.Http;

/// <summary>Turns an HTTP request into a FhirRequest: headers, query and body, without judging what they say.</summary>
public sealed class RequestReader(SizeLimits limits, StoredTypes types)
{
    public SizeLimits Limits => limits;

    public static string BaseUrl(HttpContext http) => http.RequestServices.GetRequiredService<OwnAddresses>().BaseUrl;

    /// <summary>The ledger's name for the address: `CarePlan/x`, `CarePlan`, never a value of a query.</summary>
    public static string Target(HttpContext http, Interaction? interaction)
    {
        var type = http.Request.RouteValues["type"] as string ?? interaction?.TypeOf(null);
        if (type is null or "" || !Fhir.Definitions.R4.ResourceTypes.Contains(type)) return "";
        return http.Request.RouteValues["id"] is string { Length: > 0 and <= 64 } id && IsId(id) ? $"{type}/{id}" : type;
    }

    /// <summary>The type that the address names; empty where it names none of R4's.</summary>
    public static string KnownType(HttpContext http) =>
        http.Request.RouteValues["type"] is string type && Fhir.Definitions.R4.ResourceTypes.Contains(type) ? type : "";

    /// <summary>`$x` and `_x` are operations and interactions, never ids; those without a route are not served.</summary>
    public static bool NamesOperation(HttpContext http)
    {
        var route = http.Request.RouteValues;
        return IsOne("id") || IsOne("owner") || route.ContainsKey("compartment") && IsOne("type");

        bool IsOne(string name) => route[name] is string and ['$' or '_', ..];
    }

    private static bool IsId(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');

    public async ValueTask<(FhirRequest? Request, Answer? Refusal)> Read(HttpContext http, Interaction interaction, Caller caller, LedgerEvent opened, string baseUrl)
    {
        var route = http.Request.RouteValues;
        // Joined with commas they would mean something else.
        if (http.Request.Headers["If-None-Exist"].Count > 1)
            return (null, Answer.Refuse(AnswerKind.Malformed, IssueType.Invalid, "The header If-None-Exist may be sent once", key: "if-none-exist"));
        var type = interaction.TypeOf(route["type"] as string);
        var query = Query(http);
        var (representation, lenient) = Preferences(http.Request.Headers["Prefer"]);
        if (AddressCheck.Of(interaction, type, query, query.Length + http.Request.Path.Value!.Length, types, limits, lenient) is { } wrong) return (null, wrong);

        var body = ReadOnlyMemory<byte>.Empty;
        var format = ResourceFormat.Json;
        PatchFormat? patch = null;
        var isLines = false;
        if (http.Request.Method is "POST" or "PUT" or "PATCH")
        {
            var isForm = interaction.Body == BodyKind.Form;
            patch = interaction.Body == BodyKind.Patch ? PatchOf(http.Request) : null;
            isLines = interaction.Body == BodyKind.Lines && IsLines(http.Request);
            var held = SentContent.IsTaken(interaction, type) ? SentContent.MediaType(http.Request) : null;
            var isHeld = held != null && AnswerFormat.OfBody(http.Request.ContentType) is null;
            if (isHeld && SentContent.Check(http.Request, isContent: true) is { } unclear) return (null, unclear);
            if (patch is null && !isHeld && !isLines && (isForm ? !IsForm(http.Request) : !IsAccepted(http.Request, interaction, out format)))
                return (null, Answer.Refuse(AnswerKind.UnsupportedMedia, IssueType.NotSupported, isForm
                    ? "The body of `_search` must be application/x-www-form-urlencoded" : $"The body must be {(interaction.Body == BodyKind.Patch ? $"{PatchTypes.Json}, {PatchTypes.Xml}, or Parameters as " : "")}application/fhir+json or application/fhir+xml of FHIR 4.0, in UTF-8"));
            if (SentEncoding.Of(http.Request) is not { } stream) return (null, SentEncoding.NotRead(http.Response));
            if ((isHeld || isLines) && SentEncoding.IsPacked(http.Request, stream)) return (null, SentEncoding.NotForContent);
            var limit = HeavyRequests.TakesLargeBody(interaction, type) ? limits.Bundle
                : HeavyRequests.TakesAttachment(interaction, type, http.Request.ContentLength, limits) ? limits.Attached : limits.Body;
            if (isHeld) limit = Math.Min(limit, SentContent.Most);
            var (bytes, fault) = isHeld ? (await ReadContent(http, held!, limit), null) : await ReadBody(http, stream, limit);
            if (fault != null) return (null, fault);
            if (bytes is null)
                return (null, Answer.Refuse(AnswerKind.TooLarge, IssueType.TooLong, $"The body is larger than {limit} bytes"
                    + (limit == limits.Body && AttachmentTypes.Has(type) ? $"; with `Content-Length` it may have {limits.Attached}" : "")));
            if (held != null && !isHeld)
            {
                isHeld = SentContent.IsOther(bytes.Value.Span, format, held);
                if (SentContent.Check(http.Request, isHeld) is { } beside) return (null, beside);
                if (isHeld && SentEncoding.IsPacked(http.Request, stream)) return (null, SentEncoding.NotForContent);
                if (isHeld) (bytes, format) = (SentContent.Hold(http.Request, held, bytes.Value.Span), ResourceFormat.Json);
            }
            if (!isForm && !isHeld && !isLines && patch is null && Hints.OtherFormat(bytes.Value.Span, format) is { } other) return (null, other);
            if (isHeld) format = ResourceFormat.Json;
            if (isForm) query = Join(query, System.Text.Encoding.UTF8.GetString(bytes.Value.Span));
            else body = bytes.Value;
        }

        return (new FhirRequest
        {
            Interaction = interaction,
            Caller = caller,
            Event = opened,
            BaseUrl = baseUrl,
            Type = type,
            Id = route["id"] as string ?? "",
            Path = route["rest"] as string ?? "",
            Compartment = route["compartment"] is string owner ? (owner, route["owner"] as string ?? "") : null,
            VersionId = route["version"] as string ?? route["file"] as string ?? "",
            Query = query,
            Body = body,
            BodyFormat = format,
            IsLines = isLines,
            PatchFormat = patch ?? default,
            IfMatch = Joined(http.Request.Headers.IfMatch),
            IfNoneMatch = Joined(http.Request.Headers.IfNoneMatch),
            IfNoneExist = http.Request.Headers["If-None-Exist"],
            IfModifiedSince = HeaderUtilities.TryParseDate(http.Request.Headers.IfModifiedSince.ToString(), out var since) ? since : null,
            Prefers = representation,
            IsLenient = lenient,
            IsAsync = http.Request.Headers["Prefer"].Any(h => (h ?? "").Split([',', ';'], StringSplitOptions.TrimEntries).Contains("respond-async")),
            IsHead = HttpMethods.IsHead(http.Request.Method),
            Open = interaction.IsPlain ? mediaType => AnswerEncoding.Open(http, mediaType) : null,
            AcceptsContent = type == BinaryContent.Type && interaction.Code is "read" or "vread" ? AnswerFormat.OfContent(http.Request, query) : null,
        }, null);
    }

    /// <summary>A header sent in several lines is one with commas. https://www.rfc-editor.org/rfc/rfc9110#section-5.3</summary>
    private static string? Joined(Microsoft.Extensions.Primitives.StringValues header) => header.Count == 0 ? null : string.Join(',', (IEnumerable<string?>)header);

    /// <summary>As sent, without `?`.</summary>
    internal static string Query(HttpContext http) => http.Request.QueryString.Value is { Length: > 1 } text ? text[1..] : "";

    private static string Join(string a, string b) => a.Length == 0 ? b : b.Length == 0 ? a : $"{a}&{b}";

    private static bool IsForm(HttpRequest request) =>
        string.IsNullOrEmpty(request.ContentType) || MediaTypeHeaderValue.TryParse(request.ContentType, out var media) && media.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    private static readonly string[] LineTypes = ["application/fhir+ndjson", "application/ndjson", "application/x-ndjson"];

    private static bool IsLines(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var media) && LineTypes.Contains(media.MediaType.Value, StringComparer.OrdinalIgnoreCase)
        && (!media.Charset.HasValue || HeaderUtilities.RemoveQuotes(media.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    /// <summary>Null for what is not a JSON or XML Patch in UTF-8.</summary>
    private static PatchFormat? PatchOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var media)
        && (!media.Charset.HasValue || HeaderUtilities.RemoveQuotes(media.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && media.MediaType.Value is { } name ? PatchTypes.Of(name) : null;

    private static bool IsAccepted(HttpRequest request, Interaction interaction, out ResourceFormat format)
    {
        var isWithoutBody = string.IsNullOrEmpty(request.ContentType) && interaction is { Body: BodyKind.Question, Level: Level.Instance };
        var known = AnswerFormat.OfBody(request.ContentType);
        format = known ?? ResourceFormat.Json;
        return known != null || isWithoutBody;
    }

    /// <summary>Of a preference that is stated twice the first counts. https://www.rfc-editor.org/rfc/rfc7240,
    /// https://hl7.org/fhir/R4/http.html#return, https://hl7.org/fhir/R4/search.html#errors</summary>
    private static (Return?, bool Lenient) Preferences(IEnumerable<string?> headers)
    {
        Return? representation = null;
        bool? lenient = null;
        foreach (var part in headers.SelectMany(h => (h ?? "").Split([',', ';'], StringSplitOptions.TrimEntries)))
            switch (part.Replace(" ", "").Replace("\"", ""))
            {
                case "return=minimal": representation ??= Return.Minimal; break;
                case "return=OperationOutcome": representation ??= Return.OperationOutcome; break;
                case "return=representation": representation ??= Return.Representation; break;
                case "handling=lenient": lenient ??= true; break;
                case "handling=strict": lenient ??= false; break;
            }
        return (representation, lenient == true);
    }

    /// <summary>The most that is reserved because of a Content-Length alone.</summary>
    private const int AtOnce = 64 << 10;

    /// <summary>As ReadBody, for content that is sent in place of a Binary: never packed.</summary>
    private static async ValueTask<ReadOnlyMemory<byte>?> ReadContent(HttpContext http, string mediaType, int limit)
    {
        if (http.Request.ContentLength > limit) return null;
        var content = new SentContent(http.Request, mediaType, http.Request.ContentLength ?? 0);
        for (var total = 0L; total <= limit;)
        {
            var read = await http.Request.Body.ReadAsync(content.Room, http.RequestAborted);
            if (read == 0) return content.Done();
            content.Advance(read);
            total += read;
        }
        return null;
    }

    /// <summary>Neither body nor fault: it is larger than the limit.</summary>
    private static async ValueTask<(ReadOnlyMemory<byte>? Body, Answer? Fault)> ReadBody(HttpContext http, Stream stream, int limit)
    {
        if (http.Request.ContentLength > limit) return default;
        var isPacked = SentEncoding.IsPacked(http.Request, stream);
        await using var unpacked = isPacked ? stream : null;
        var buffer = new ArrayBufferWriter<byte>((int)Math.Min(http.Request.ContentLength ?? 4096, AtOnce) + 1);
        while (true)
        {
            // After the first megabyte the Content-Length is believed: growing by halves would take twice the room.
            var room = !isPacked && http.Request.ContentLength is { } length && buffer.WrittenCount > 1 << 20 ? (int)length - buffer.WrittenCount + 1 : 1;
            int read;
            try
            {
                read = await stream.ReadAsync(buffer.GetMemory(Math.Max(room, 1)), http.RequestAborted);
            }
            catch (Exception e) when (isPacked && SentEncoding.IsBroken(e))
            {
                return (null, SentEncoding.Broken);
            }
            if (read == 0) return (buffer.WrittenMemory, null);
            buffer.Advance(read);
            if (buffer.WrittenCount > limit) return default;
        }
    }
}
