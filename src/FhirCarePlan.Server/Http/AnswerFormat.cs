using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirCarePlan.Care;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using Microsoft.Net.Http.Headers;

namespace FhirCarePlan.Server.Http;

/// <summary>How an answer is to be written: what `_format` asks for, else `Accept`. https://hl7.org/fhir/R4/http.html#mime-type</summary>
/// <param name="MediaType">As asked for: who accepts `application/json` alone gets that.</param>
public sealed record AnswerFormat(ResourceFormat Format, string MediaType, bool IsPretty = false)
{
    public const string FhirVersion = "4.0";

    public static AnswerFormat Default { get; } = new(ResourceFormat.Json, "application/fhir+json");

    public string ContentType => $"{MediaType}; charset=utf-8";

    private static readonly (string MediaType, ResourceFormat Format)[] Written =
    [
        (Default.MediaType, ResourceFormat.Json), ("application/json", ResourceFormat.Json), ("text/json", ResourceFormat.Json),
        ("application/fhir+xml", ResourceFormat.Xml), ("application/xml", ResourceFormat.Xml), ("text/xml", ResourceFormat.Xml),
    ];

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Null when nothing that is asked for can be written.</summary>
    /// <param name="query">As sent; of a search by form with the form's parameters.</param>
    public static AnswerFormat? Of(HttpRequest request, string query)
    {
        string? format = null;
        var isPretty = false;
        foreach (var (name, value) in QueryParser.Pairs(query))
            if (name == "_format") format = WithPlus(value);
            else if (name == "_pretty") isPretty = value == "true";
        var chosen = format switch
        {
            null => Accepted(request.Headers.Accept),
            "" => Default,
            "json" => Default,
            "xml" => new(ResourceFormat.Xml, "application/fhir+xml"),
            _ => MediaTypeHeaderValue.TryParse(format, out var media) ? Known(media) : null,
        };
        return chosen is null || !isPretty ? chosen : chosen with { IsPretty = true };
    }

    /// <summary>In a query `+` means a space; in `application/fhir+json` it always means a plus.</summary>
    private static string WithPlus(string format) =>
        format.IndexOf(';') is > 0 and var end ? $"{format[..end].TrimEnd().Replace(' ', '+')}{format[end..]}" : format.Replace(' ', '+');

    /// <summary>`_format=html`, or a browser's `Accept` that prefers `text/html` to FHIR.</summary>
    public static bool AsksForPage(HttpRequest request, string query)
    {
        foreach (var (name, value) in QueryParser.Pairs(query))
            if (name == "_format") return value is "html" or "text/html";
        return MediaTypeHeaderValue.TryParseList(request.Headers.Accept!, out var ranges)
            && ranges.MaxBy(r => r.Quality ?? 1) is { } first && first.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>For a read of a Binary: the media types in which its content itself is wanted; empty for any, null where the resource is wanted.
    /// Who does not say FHIR wants the content; who says JSON or XML only wants it where it is that.
    /// https://hl7.org/fhir/R4/binary.html#rest</summary>
    public static IReadOnlyList<string>? OfContent(HttpRequest request, string query)
    {
        foreach (var (name, value) in QueryParser.Pairs(query))
            if (name == "_format" && WithPlus(value) is { Length: > 0 } format)
                return format is "json" or "xml" ? null : MediaTypeHeaderValue.TryParse(format, out var asked) ? OfContent([asked]) : null;
        return !MediaTypeHeaderValue.TryParseList(request.Headers.Accept!, out var ranges) ? [] : OfContent([.. ranges.Where(r => r.Quality != 0)]);
    }

    private static IReadOnlyList<string>? OfContent(IReadOnlyList<MediaTypeHeaderValue> ranges)
    {
        var known = ranges.Where(r => !r.MatchesAllSubTypes && Known(r) != null).Select(r => r.MediaType.Value!).ToList();
        if (known.Exists(name => name.Contains("fhir", StringComparison.OrdinalIgnoreCase))) return null;
        return known.Count > 0 && known.Count == ranges.Count ? known : [];
    }

    /// <summary>The format of a body sent; null when we cannot read it.</summary>
    public static ResourceFormat? OfBody(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var media) || Known(media) is not { } known) return null;
        return !media.Charset.HasValue || HeaderUtilities.RemoveQuotes(media.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase) ? known.Format : null;
    }

    /// <summary>A body of canonical JSON in this format. It is the caller's view already.</summary>
    public ReadOnlyMemory<byte> Write(ReadOnlyMemory<byte> body)
    {
        if (Format == ResourceFormat.Json) return IsPretty ? Indent(body) : body;
        using var document = JsonParser.Parse(body, new Report(), ParseLimits.Own) ?? throw new InvalidDataException("an answer does not parse");
        return ResourceXml.Write(document, IsPretty);
    }

    private static AnswerFormat? Accepted(IList<string?> accept)
    {
        if (accept is [] or ["*/*"] or ["application/fhir+json"]) return Default;
        if (!MediaTypeHeaderValue.TryParseList(accept!, out var ranges) || ranges.Count == 0) return Default;
        var refused = ranges.Where(r => r.Quality == 0).Select(r => r.MediaType.Value).ToList();
        foreach (var range in ranges.Where(r => r.Quality != 0).OrderByDescending(r => r.Quality ?? 1).ThenBy(r => r.MatchesAllTypes ? 2 : r.MatchesAllSubTypes ? 1 : 0))
            if (!range.MatchesAllSubTypes && Known(range) is { } known) return known;
            else if (range.MatchesAllSubTypes && IsOurs(range))
                foreach (var (mediaType, format) in Written)
                    if (range.MatchesMediaType(mediaType) && !refused.Contains(mediaType, StringComparer.OrdinalIgnoreCase)) return new(format, mediaType);
        return null;
    }

    private static AnswerFormat? Known(MediaTypeHeaderValue media)
    {
        if (!IsOurs(media)) return null;
        foreach (var (mediaType, format) in Written)
            if (media.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)) return new(format, mediaType);
        return media.MediaType.Value?.ToLowerInvariant() switch // names of older releases
        {
            "application/json+fhir" => Default,
            "application/xml+fhir" => new(ResourceFormat.Xml, "application/fhir+xml"),
            _ => null,
        };
    }

    /// <summary>https://hl7.org/fhir/R4/http.html#version-parameter</summary>
    private static bool IsOurs(MediaTypeHeaderValue media)
    {
        foreach (var parameter in media.Parameters)
            if (parameter.Name.Equals("fhirVersion", StringComparison.OrdinalIgnoreCase)) return HeaderUtilities.RemoveQuotes(parameter.Value).Equals(FhirVersion, StringComparison.Ordinal);
        return true;
    }

    private static ReadOnlyMemory<byte> Indent(ReadOnlyMemory<byte> json)
    {
        var buffer = new ArrayBufferWriter<byte>(json.Length * 2);
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        using (var writer = new Utf8JsonWriter(buffer, Indented)) document.WriteTo(writer);
        return buffer.WrittenMemory;
    }
}
