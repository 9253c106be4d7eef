using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Benchmarks;

/// <summary>One client at full speed with heavy requests (large batches, large searches with includes, transactions of 32 MB, reads), and
/// another client's reads meanwhile, in one run: quiet, under attack, quiet, under attack. The reads come at a steady pace, and waiting for
/// the previous read counts, so that a pause of the server counts for every read in it. The attacker is a process of its own that takes
/// what processor time the others leave, because its own cost is not the server's: a real one has its own machine.</summary>
internal static class HostileBenchmarks
{
    private const int Rounds = 2, ReadsPerSecond = 50;
    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(20);

    public static async Task Run()
    {
        using var server = await LoopbackServer.Start(5992);
        using var attacker = await server.As("care-coordinator", connections: 32);
        using var victim = await server.As("gp", connections: 64);
        await LoopbackServer.Fill(attacker, "partnership/Condition-robin-alcohol.json", 1_500);
        using (var found = await attacker.GetAsync("Condition?_count=1000&_include=*"))
            Console.WriteLine($"a page of 1,000 with includes: {(int)found.StatusCode}, {(await found.Content.ReadAsByteArrayAsync()).Length / 1e6:F1} MB");
        // Let the units used up in preparing come back.
        await Task.Delay(TimeSpan.FromSeconds(10));
        await Reads(victim, TimeSpan.FromSeconds(5));
        Console.WriteLine($"peak memory before: {server.Process.PeakMegabytes:F0} MB");
        for (var round = 1; round <= Rounds; round++)
        {
            var quiet = await Reads(victim, Phase);
            using var end = new CancellationTokenSource();
            using var attack = Child.InTheBackground(typeof(HostileBenchmarks).Assembly.Location, AppContext.BaseDirectory, "attack", server.Address);
            var own = 0.0;
            var watch = Task.Run(async () =>
            {
                for (; !end.IsCancellationRequested; await Task.Delay(50)) own = Math.Max(own, server.Process.OwnMegabytes);
            });
            // Until it is at full speed.
            await Task.Delay(TimeSpan.FromSeconds(3));
            var hurt = await Reads(victim, Phase);
            var answered = await attack.Tell();
            await end.CancelAsync();
            await watch;
            Console.WriteLine($"round {round}: quiet p50 {At(quiet, 0.5):F2} ms, p99 {At(quiet, 0.99):F2} ms; under attack p50 {At(hurt, 0.5):F2} ms, p99 {At(hurt, 0.99):F2} ms, longest {hurt[^1]:F0} ms; ratio of p99 {At(hurt, 0.99) / At(quiet, 0.99):F1}; peak memory {own:F0} MB, with mapped pages of the database {server.Process.PeakMegabytes:F0} MB; n {hurt.Length}");
            Console.WriteLine($"         the attacker was answered: {answered}");
            await Task.Delay(TimeSpan.FromSeconds(5));
        }
    }

    /// <summary>Milliseconds of each read, from when it was due; sorted.</summary>
    private static async Task<double[]> Reads(HttpClient http, TimeSpan time)
    {
        var (clock, reads) = (Stopwatch.StartNew(), new List<Task<double>>());
        for (var i = 0; clock.Elapsed < time; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / ReadsPerSecond);
            if (due > clock.Elapsed) await Task.Delay(due - clock.Elapsed);
            reads.Add(Read(due));
        }
        var all = await Task.WhenAll(reads);
        Array.Sort(all);
        return all;

        async Task<double> Read(TimeSpan due)
        {
            // Late timers of this process are not the server's.
            var from = clock.Elapsed is var now && now - due < TimeSpan.FromMilliseconds(20) ? now : due;
            using var answer = await http.GetAsync("CarePlan/robin-plan");
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync();
            return (clock.Elapsed - from).TotalMilliseconds;
        }
    }

    /// <summary>The attacker's process: works until a line comes in, and says what it was answered.</summary>
    public static async Task Attack(string address)
    {
        using var http = await LoopbackServer.As(address, "care-coordinator", connections: 32);
        var answered = new ConcurrentDictionary<string, int>();
        using var end = new CancellationTokenSource();
        var attack = Attack(http, answered, end.Token);
        await Console.In.ReadLineAsync();
        await end.CancelAsync();
        await attack;
        Console.WriteLine(string.Join(", ", answered.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key} × {a.Value}")));
    }

    private static Task Attack(HttpClient http, ConcurrentDictionary<string, int> answered, CancellationToken end)
    {
        var batch = LoopbackServer.Bundle("batch", Enumerable.Repeat(LoopbackServer.Get("CarePlan/robin-plan"), 2_000));
        var resource =
            JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples",
            "partnership/Condition-robin-alcohol.json")))!.AsObject();
        resource.Remove("id");
        resource["note"] = new JsonArray(new JsonObject { ["text"] = new string('x', 14_000) });
        var transaction = LoopbackServer.Bundle("transaction",
            Enumerable.Repeat(LoopbackServer.Create("Condition", resource.ToJsonString()), 1_950));
        var (batchBytes, transactionBytes) = (Encoding.UTF8.GetBytes(batch), Encoding.UTF8.GetBytes(transaction));
        IEnumerable<Task> Many(int count, string what, Func<Task<HttpResponseMessage>> ask) =>
            Enumerable.Range(0, count).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
                try
                {
                    using var answer = await ask();
                    answered.AddOrUpdate($"{what} {(int)answer.StatusCode}", 1, (_, n) => n + 1);
                    await answer.Content.CopyToAsync(Stream.Null, end);
                }
                catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
                {
                    answered.AddOrUpdate($"{what} cut off", 1, (_, n) => n + 1);
                }
        }));
        return Task.WhenAll([
            .. Many(6, "batch", () => http.PostAsync("", LoopbackServer.Json(batchBytes), end)),
            .. Many(6, "search", () =>
                http.SendAsync(new(HttpMethod.Get, "Condition?_count=1000&_include=*"), HttpCompletionOption.ResponseHeadersRead, end)),
            .. Many(4, "transaction", () => http.PostAsync("", LoopbackServer.Json(transactionBytes), end)),
            .. Many(8, "read", () => http.GetAsync("CarePlan/robin-plan", end)),
        ]);
    }

    private static double At(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];
}
