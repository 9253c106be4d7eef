using System.Buffers;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing;
using Microsoft.Net.Http.Headers;

namespace FhirCarePlan.Server.Http;

/// <summary>What may be sent. Stated in the capability statement.</summary>
public sealed record SizeLimits(int Body = 4 << 20, int Bundle = 32 << 20, int BundleEntries = 2_000, int Url = 8 << 10);

/// <summary>Turns an HTTP request into a FhirRequest: headers, query and body, without judging what they say.</summary>
public sealed class RequestReader(SizeLimits limits, StoredTypes types)
{
    public static string BaseUrl(HttpContext http) => http.RequestServices.GetRequiredService<OwnAddresses>().BaseUrl;

    public async ValueTask<(FhirRequest? Request, Answer? Refusal)> Read(HttpContext http, Interaction interaction, Caller caller, string correlation, string baseUrl)
    {
        var route = http.Request.RouteValues;
        var type = route["type"] as string ?? "";
        // What is only looked at may be of any type, a Bundle above all.
        if (type.Length > 0 && !(interaction == Interaction.ValidateType ? Fhir.Definitions.R4.ResourceTypes.Contains(type) : types.Serves(type)))
            return (null, Answer.Refuse(AnswerKind.NotSupported, IssueType.NotSupported, $"Resources of this type are not served here; served are {string.Join(", ", types.All)}"));
        var query = Query(http);
        if (query.Length + http.Request.Path.Value!.Length > limits.Url)
            return (null, Answer.Refuse(AnswerKind.TooLarge, IssueType.TooLong, $"The address is longer than {limits.Url} bytes; POST to _search instead"));
        if (interaction is Interaction.Create or Interaction.Update or Interaction.Delete or Interaction.Explain or Interaction.Batch && Unexpected(query))
            return (null, Answer.Refuse(AnswerKind.Malformed, IssueType.Invalid, $"This interaction takes the parameters {string.Join(", ", Ignored)} only", key: "parameter"));

        var body = ReadOnlyMemory<byte>.Empty;
        var format = ResourceFormat.Json;
        if (http.Request.Method is "POST" or "PUT" or "PATCH")
        {
            if (interaction == Interaction.Search ? !IsForm(http.Request) : !IsAccepted(http.Request, interaction, out format))
                return (null, Answer.Refuse(AnswerKind.UnsupportedMedia, IssueType.NotSupported, interaction == Interaction.Search
                    ? "_search takes application/x-www-form-urlencoded" : "The body must be application/fhir+json or application/fhir+xml of FHIR 4.0, in UTF-8"));
            var limit = interaction == Interaction.Batch || interaction == Interaction.ValidateType && type is "Bundle" or "Parameters" ? limits.Bundle : limits.Body;
            if (await ReadBody(http, limit) is not { } bytes)
                return (null, Answer.Refuse(AnswerKind.TooLarge, IssueType.TooLong, $"The body is larger than {limit} bytes"));
            if (interaction == Interaction.Search) query = Join(query, System.Text.Encoding.UTF8.GetString(bytes.Span));
            else body = bytes;
        }

        var (representation, lenient) = Preferences(http.Request.Headers["Prefer"]);
        return (new FhirRequest
        {
            Interaction = interaction,
            Caller = caller,
            CorrelationId = correlation,
            BaseUrl = baseUrl,
            Type = type,
            Id = route["id"] as string ?? "",
            VersionId = route["version"] as string ?? "",
            Query = query,
            Body = body,
            BodyFormat = format,
            IfMatch = http.Request.Headers.IfMatch,
            IfNoneExist = http.Request.Headers["If-None-Exist"],
            Return = representation,
            IsLenient = lenient,
        }, null);
    }

    private static readonly string[] Ignored = ["_format", "_pretty"];

    internal static bool Unexpected(string query) =>
        query.Split('&', StringSplitOptions.RemoveEmptyEntries).Any(pair => !Ignored.Contains(Uri.UnescapeDataString(pair.Split('=')[0])));

    /// <summary>As sent, without `?`.</summary>
    internal static string Query(HttpContext http) => http.Request.QueryString.Value is { Length: > 1 } text ? text[1..] : "";

    private static string Join(string a, string b) => a.Length == 0 ? b : b.Length == 0 ? a : $"{a}&{b}";

    private static bool IsForm(HttpRequest request) =>
        string.IsNullOrEmpty(request.ContentType) || MediaTypeHeaderValue.TryParse(request.ContentType, out var media) && media.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);

    private static bool IsAccepted(HttpRequest request, Interaction interaction, out ResourceFormat format)
    {
        var isWithoutBody = string.IsNullOrEmpty(request.ContentType) && interaction == Interaction.ValidateInstance;
        var known = AnswerFormat.OfBody(request.ContentType);
        format = known ?? ResourceFormat.Json;
        return known != null || isWithoutBody;
    }

    /// <summary>https://hl7.org/fhir/R4/http.html#return, https://hl7.org/fhir/R4/search.html#errors</summary>
    private static (Return, bool Lenient) Preferences(IEnumerable<string?> headers)
    {
        var representation = Return.Representation;
        var lenient = false;
        foreach (var part in headers.SelectMany(h => (h ?? "").Split([',', ';'], StringSplitOptions.TrimEntries)))
            switch (part.Replace(" ", ""))
            {
                case "return=minimal": representation = Return.Minimal; break;
                case "return=OperationOutcome": representation = Return.OperationOutcome; break;
                case "return=representation": representation = Return.Representation; break;
                case "handling=lenient": lenient = true; break;
            }
        return (representation, lenient);
    }

    /// <summary>What is reserved on the word of a Content-Length alone.</summary>
    private const int AtOnce = 64 << 10;

    /// <summary>Null when the body is larger than the limit.</summary>
    private static async ValueTask<ReadOnlyMemory<byte>?> ReadBody(HttpContext http, int limit)
    {
        if (http.Request.ContentLength > limit) return null;
        var buffer = new ArrayBufferWriter<byte>((int)Math.Min(http.Request.ContentLength ?? 4096, AtOnce) + 1);
        while (true)
        {
            var read = await http.Request.Body.ReadAsync(buffer.GetMemory(1), http.RequestAborted);
            if (read == 0) return buffer.WrittenMemory;
            buffer.Advance(read);
            if (buffer.WrittenCount > limit) return null;
        }
    }
}
