using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>An answer with all its headers, for requests that no FHIR client would send.</summary>
public sealed record Reply(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
    /// <summary>The texts of the OperationOutcome's issues, joined.</summary>
    public string Said => string.Join(" / ", Json["issue"]!.AsArray().Select(i => (string?)i!["diagnostics"]));
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}

public static class Wire
{
    public const string Fhir = "application/fhir+json";
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <param name="headers">`If-Match: W/"x"`, sent unchanged.</param>
    public static async Task<Reply> Send(this HttpClient client, string method, string url, byte[]? body = null, string? contentType = Fhir,
        params string[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(client.BaseAddress + url, AsWritten));
        if (body != null)
        {
            request.Content = new ByteArrayContent(body);
            if (contentType != null) request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        foreach (var header in headers)
        {
            var at = header.IndexOf(':');
            var (name, value) = (header[..at], header[(at + 1)..].TrimStart());
            if (name == "Authorization") request.Headers.Authorization = null;
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content?.Headers.TryAddWithoutValidation(name, value);
        }
        using var answer = await client.SendAsync(request);
        var all = answer.Headers.Concat<KeyValuePair<string, IEnumerable<string>>>(answer.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Reply((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), all);
    }

    public static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    /// <summary>A resource as a new one: without id and meta.</summary>
    public static JsonObject AsNew(this JsonObject resource)
    {
        var copy = resource.DeepClone().AsObject();
        copy.Remove("id");
        copy.Remove("meta");
        return copy;
    }

    public static JsonObject Bundle(string type, params JsonObject[] entries) => entries.Length == 0
        ? new() { ["resourceType"] = "Bundle", ["type"] = type }
        : new() { ["resourceType"] = "Bundle", ["type"] = type, ["entry"] = new JsonArray([.. entries]) };

    public static JsonObject Entry(string method, string url, JsonObject? resource = null, string? fullUrl = null, string? ifMatch = null)
    {
        var entry = new JsonObject();
        if (fullUrl != null) entry["fullUrl"] = fullUrl;
        if (resource != null) entry["resource"] = resource.DeepClone();
        entry["request"] = new JsonObject { ["method"] = method, ["url"] = url };
        if (ifMatch != null) entry["request"]!["ifMatch"] = ifMatch;
        return entry;
    }
}
