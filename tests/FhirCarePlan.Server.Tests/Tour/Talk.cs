using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Tests.Outside;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>An answer as its caller has it: status, bytes, and the headers that may tell something.</summary>
public sealed record Heard(HttpStatusCode Status, string Body, string Headers, string? ETag, string? Location)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
    public string Id => (string)Json["id"]!;
    public int Total => (int)Json["total"]!;
    public IReadOnlyList<JsonObject> Entries => [.. (Json["entry"]?.AsArray() ?? []).Select(e => e!.AsObject())];
    public IEnumerable<string> Ids => Entries.Select(e => (string)e["resource"]!["id"]!);
    /// <summary>Rule keys of an OperationOutcome's errors.</summary>
    public IReadOnlyList<string> ErrorKeys =>
        [.. Json["issue"]!.AsArray().Where(i => (string)i!["severity"]! is "error" or "fatal")
        .Select(i => (string?)i!["details"]?["coding"]?[0]?["code"] ?? (string)i["code"]!)];

    /// <summary>Everything a caller can tell two answers apart by; date and correlation id aside.</summary>
    public string Whole => $"{(int)Status}\n{Headers}\n{Body}";
}

public static class Talk
{
    private static readonly string[] Aside = ["Date", "X-Correlation-Id"];

    public static async Task<Heard> Ask(this HttpClient client, string method, string url, string? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url);
        request.Headers.TryAddWithoutValidation("Accept", Wire.Fhir);
        if (body != null) request.Content = new StringContent(body, new MediaTypeHeaderValue("application/fhir+json"));
        if (ifMatch != null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        using var answer = await client.SendAsync(request);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(h => !Aside.Contains(h.Key))
            .OrderBy(h => h.Key, StringComparer.Ordinal)
            .Select(h => $"{h.Key}: {string.Join(",", h.Value)}");
        return new Heard(answer.StatusCode, await answer.Content.ReadAsStringAsync(), string.Join('\n', headers),
            answer.Headers.ETag?.ToString(), answer.Headers.Location?.ToString());
    }

    public static Task<Heard> Get(this HttpClient client, string url) => client.Ask("GET", url);
    /// <summary>`Type/id` of the matches on all pages of a search.</summary>
    public static async Task<List<string>> Matches(this HttpClient client, string url)
    {
        var all = new List<string>();
        for (string? next = url; next != null;)
        {
            var page = await client.Get(next);
            Assert.True((int)page.Status == 200, $"{url}: {page.Body}");
            all.AddRange(page.Entries.Where(e => (string?)e["search"]!["mode"] == "match").Select(e => $"{e["resource"]!["resourceType"]}/{e["resource"]!["id"]}"));
            next = page.Json["link"]!.AsArray().Where(l => (string)l!["relation"]! == "next").Select(l => (string?)l!["url"]).SingleOrDefault();
        }
        return all;
    }

    public static Task<Heard> Post(this HttpClient client, string url, string body) => client.Ask("POST", url, body);
    public static Task<Heard> Put(this HttpClient client, string url, string body, string? ifMatch = null) =>
        client.Ask("PUT", url, body, ifMatch);
    public static Task<Heard> Delete(this HttpClient client, string url, string? ifMatch = null) =>
        client.Ask("DELETE", url, null, ifMatch);

    /// <summary>Reads, changes and writes back the caller's view.</summary>
    public static async Task<Heard> Change(this HttpClient client, string url, Action<JsonObject> change)
    {
        var now = await client.Get(url);
        Assert.Equal(HttpStatusCode.OK, now.Status);
        var resource = now.Json;
        change(resource);
        return await client.Put(url, resource.ToJsonString(), now.ETag);
    }

    public static string Sample(string path) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", path), Encoding.UTF8);

    public static JsonObject SampleJson(string path) => JsonNode.Parse(Sample(path))!.AsObject();
}
