using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace FhirCarePlan.Benchmarks;

/// <summary>The server against the honest floor (bearer token, the same bytes from SQLite, one durable audit row), both as processes of
/// this machine, asked in turn by the same 16 clients.</summary>
internal static class HttpBenchmarks
{
    private const int Clients = 16, Rounds = 5;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    public static async Task Run(string floorFolder)
    {
        var data = Directory.CreateTempSubdirectory("fcp-bench-").FullName;
        try
        {
            using var floor = new Child(Path.Combine(floorFolder, "bin", "Release", "net10.0", "floor.dll"), data, "--urls",
                "http://127.0.0.1:5988",
                "--db", Path.Combine(data, "floor.db"), "--body", Path.Combine(floorFolder, "careplan.json"));
            using var server = new Child(Child.Server, data, "--urls=http://127.0.0.1:5989",
                $"--Storage:ConnectionString=Data Source={Path.Combine(data, "server.db")}",
                "--Limits:UnitsPerSecond=100000000", "--Limits:Burst=100000000");
            using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Clients });
            Console.WriteLine($"start with an empty database and samples to first answered request: {await server.UntilItAnswers(http, "http://127.0.0.1:5989/health"):F0} ms");
            await floor.UntilItAnswers(http, "http://127.0.0.1:5988/token");
            await Compare(http, floorFolder);
        }
        finally
        {
            Directory.Delete(data, true);
        }
    }

    private static async Task Compare(HttpClient http, string floorFolder)
    {
        var floorToken = await http.GetStringAsync("http://127.0.0.1:5988/token");
        var body = File.ReadAllBytes(Path.Combine(floorFolder, "careplan.json"));
        var plan = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "samples", "tour", "care-plan.json"));
        var (whole, partial) = (await Token(http, "care-coordinator"), await Token(http, "housing-officer"));
        string AnyFloor() => $"http://127.0.0.1:5988/floor/p{Random.Shared.Next(10_000)}";
        const string robin = "http://127.0.0.1:5989/fhir/CarePlan/robin-plan";

        await Pair("read, whole view", () => Get(AnyFloor(), floorToken), () => Get(robin, whole));
        await Pair("read, partial view", () => Get(AnyFloor(), floorToken), () => Get(robin, partial));
        await Pair("create (validated, indexed)", () => Post("http://127.0.0.1:5988/create-indexed", floorToken, body),
            () => Post("http://127.0.0.1:5989/fhir/CarePlan", whole, plan));

        async Task Pair(string what, Func<HttpRequestMessage> floorRequest, Func<HttpRequestMessage> request)
        {
            var ratios = new List<(double Ratio, double Floor, double Ours)>();
            await Rate(http, request);
            for (var round = 0; round < Rounds; round++)
            {
                var (floor, ours) = (await Rate(http, floorRequest), await Rate(http, request));
                ratios.Add((ours / floor, floor, ours));
            }
            var median = ratios.OrderBy(r => r.Ratio).ElementAt(Rounds / 2);
            Console.WriteLine($"{what,-30} floor {median.Floor,8:N0}/s   ours {median.Ours,8:N0}/s   {median.Ratio:P0}   (from {ratios.Min(r => r.Ratio):P0} to {ratios.Max(r => r.Ratio):P0})");
        }
    }

    private static async Task<double> Rate(HttpClient http, Func<HttpRequestMessage> request)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; clock.Elapsed < Round; count++)
            {
                using var answer = await http.SendAsync(request());
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync();
            }
            return count;
        })));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }

    private static HttpRequestMessage Get(string url, string token) =>
        new(HttpMethod.Get, url) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

    private static HttpRequestMessage Post(string url, string token, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post,
            url)
        { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) }, Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        return request;
    }

    private static async Task<string> Token(HttpClient http, string persona)
    {
        using var answer = await http.PostAsync("http://127.0.0.1:5989/dev/token",
            new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = persona }));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }
}
