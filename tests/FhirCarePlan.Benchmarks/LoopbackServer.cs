using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Benchmarks;

/// <summary>Our server as a process with the samples, asked over HTTP on this machine.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("fcp-bench-").FullName;

    private LoopbackServer(int port, string[] settings)
    {
        Address = $"http://127.0.0.1:{port}";
        Process = new Child(Child.Server, data,
            [$"--urls={Address}", $"--Storage:ConnectionString=Data Source={Path.Combine(data, "server.db")}", .. settings]);
    }

    public string Address { get; }
    public Child Process { get; }

    public static async Task<LoopbackServer> Start(int port, params string[] settings)
    {
        var server = new LoopbackServer(port, settings);
        using var http = new HttpClient();
        await server.Process.UntilItAnswers(http, $"{server.Address}/health");
        return server;
    }

    public Task<HttpClient> As(string persona, int connections = 1) => As(Address, persona, connections);

    public static async Task<HttpClient> As(string address, string persona, int connections)
    {
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections })
        {
            BaseAddress = new($"{address}/fhir/"),
            Timeout = TimeSpan.FromMinutes(5)
        };
        using var answer = await http.PostAsync($"{address}/dev/token",
            new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = persona }));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer",
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString());
        return http;
    }

    /// <summary>Creates so many of a sample, a few hundred a batch; says their ids.</summary>
    public static async Task<List<string>> Fill(HttpClient http, string sample, int count, Action<JsonObject>? change = null)
    {
        var resource = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", sample)))!.AsObject();
        resource.Remove("id");
        change?.Invoke(resource);
        var type = (string)resource["resourceType"]!;
        var ids = new List<string>();
        while (ids.Count < count)
        {
            var some = Math.Min(250, count - ids.Count);
            using var answer = await http.PostAsync("",
                Json(Bundle("batch", Enumerable.Repeat(Create(type, resource.ToJsonString()), some))));
            if ((int)answer.StatusCode == 429)
            {
                await Task.Delay(answer.Headers.RetryAfter!.Delta!.Value);
                continue;
            }
            var entries = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["entry"]!.AsArray();
            foreach (var entry in entries)
                ids.Add(((string?)entry!["response"]!["location"]
                    ?? throw new InvalidOperationException($"not created: {entry.ToJsonString()}")).Split('/')[1]);
        }
        return ids;
    }

    public static string Bundle(string type, IEnumerable<string> entries) =>
        $$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{{string.Join(',', entries)}}]}""";
    public static string Create(string type, string resource) =>
        $$$"""{"request":{"method":"POST","url":"{{{type}}}"},"resource":{{{resource}}}}""";
    public static string Get(string url) => $$$"""{"request":{"method":"GET","url":"{{{url}}}"}}""";
    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/fhir+json");

    public static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new("application/fhir+json") } };

    public void Dispose()
    {
        Process.Dispose();
        Directory.Delete(data, true);
    }
}
