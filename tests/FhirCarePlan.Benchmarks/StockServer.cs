using System.Diagnostics;

namespace FhirCarePlan.Benchmarks;

/// <summary>Our server over a store that is filled once and kept, in a folder of its own below the one given.</summary>
internal sealed class StockServer : IDisposable
{
    public const string One = "--Sharing:Protocols=profiles/sharing/single-organisation.yaml";
    private static readonly string[] Free =
    [
        "--Limits:UnitsPerSecond=100000000", "--Limits:Burst=100000000", "--Limits:Heavy=8", "--Limits:HeavyPerClient=8",
        "--Limits:WaitSeconds=300",
    ];

    private readonly string folder, address;
    private readonly Child process;

    private StockServer(string folder, int port, string[] settings)
    {
        (this.folder, address) = (folder, $"http://127.0.0.1:{port}");
        Directory.CreateDirectory(folder);
        process = new Child(Child.Server, folder,
            [$"--urls={address}", $"--Storage:ConnectionString=Data Source={Path.Combine(folder, "server.db")}", .. Free, .. settings]);
    }

    private string Filled => Path.Combine(folder, "filled");

    /// <summary>Starts it, and fills the store if that was not done before; a filling that was cut short begins anew.</summary>
    public static async Task<StockServer> Start(string folder, int port, string[] settings, Func<string, Task<IEnumerable<string>>> fill)
    {
        if (!File.Exists(Path.Combine(folder, "filled")) && Directory.Exists(folder)) Directory.Delete(folder, true);
        var server = new StockServer(folder, port, settings);
        try
        {
            using var http = new HttpClient();
            await server.process.UntilItAnswers(http, $"{server.address}/health");
            if (File.Exists(server.Filled)) return server;
            var clock = Stopwatch.StartNew();
            var known = await fill(server.address);
            File.WriteAllLines(server.Filled, known);
            Console.Error.WriteLine($"filled {Path.GetFileName(folder)} in {clock.Elapsed.TotalSeconds:F0} s");
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>What the filling said may be asked for.</summary>
    public string[] Known => File.ReadAllLines(Filled);

    public Task<HttpClient> As(string persona) => LoopbackServer.As(address, persona, connections: 16);

    public double OwnMegabytes => process.OwnMegabytes;
    /// <summary>Milliseconds of processor time so far.</summary>
    public double Worked => process.SoFar().Working;

    public async Task Warm(HttpClient http, Func<int, string> url, TimeSpan time) => await Repeat(http, url, time);

    /// <summary>Milliseconds of processor time for each request, and the length of the last answer.</summary>
    public async Task<(double Milliseconds, int Bytes)> Cost(HttpClient http, Func<int, string> url, TimeSpan time)
    {
        var last = await Ask(http, url(0));
        await Repeat(http, url, time / 2);
        var before = process.SoFar().Working;
        var count = await Repeat(http, url, time);
        return ((process.SoFar().Working - before) / count, last);
    }

    private static async Task<int> Repeat(HttpClient http, Func<int, string> url, TimeSpan time)
    {
        var (clock, next) = (Stopwatch.StartNew(), 0);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (clock.Elapsed < time) await Ask(http, url(Interlocked.Increment(ref next)));
        })));
        return next;
    }

    private static async Task<int> Ask(HttpClient http, string url)
    {
        using var answer = await http.GetAsync(url);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{url}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadAsByteArrayAsync()).Length;
    }

    public void Dispose() => process.Dispose();
}
