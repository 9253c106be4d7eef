using System.Diagnostics;

namespace FhirCarePlan.Benchmarks;

/// <summary>Can a caller tell hidden from absent by time? One client asks two questions in turn over HTTP, in random order; z of the paired
/// differences and by Welch. Beyond 3 either way they can be told apart.</summary>
internal static class HiddenBenchmarks
{
    private const int Pairs = 2_000, Warm = 300, Hidden = 2_000;
    /// <summary>Robin's drinking, which housing may not know of; and a code that no resource has.</summary>
    private const string Sample = "partnership/Condition-robin-alcohol.json", Code = "15167005", NoCode = "15167006";

    public static async Task Run()
    {
        using var server = await LoopbackServer.Start(5991, "--Limits:UnitsPerSecond=100000000", "--Limits:Burst=100000000");
        using var psychiatrist = await server.As("psychiatrist");
        using var housing = await server.As("housing-officer");
        using var outsider = await server.As("outsider");
        var ids = await LoopbackServer.Fill(psychiatrist, Sample, Hidden);
        var absent = ids.Select(id => new string([.. id.Select((c, i) => i == id.Length - 1 ? c == 'a' ? 'b' : 'a' : c)])).ToList();
        Console.WriteLine($"{Hidden} hidden Conditions; {Pairs} pairs each; the psychiatrist finds {await Total(psychiatrist, $"Condition?code={Code}")}, housing {await Total(housing, $"Condition?code={Code}")}");

        await Compare("read: hidden | absent Condition, housing officer", housing, i => $"Condition/{ids[i % ids.Count]}",
            i => $"Condition/{absent[i % absent.Count]}");
        await Compare("read: hidden 17 KB plan | absent, outsider", outsider, _ => "CarePlan/robin-plan", _ => "CarePlan/robin-plam");
        await Compare("vread: hidden | absent Condition, housing officer", housing, i => $"Condition/{ids[i % ids.Count]}/_history/x",
            i => $"Condition/{absent[i % absent.Count]}/_history/x");
        await Compare("search: 2,000 hidden hits | none, housing officer", housing, _ => $"Condition?code={Code}",
            _ => $"Condition?code={NoCode}");
        await Compare("count: 2,000 hidden hits | none, housing officer", housing, _ => $"Condition?code={Code}&_summary=count",
            _ => $"Condition?code={NoCode}&_summary=count");
        await Compare("search with a person: 2,000 hidden | none, housing", housing, _ => $"Condition?patient=Patient/robin&code={Code}",
            _ => $"Condition?patient=Patient/robin&code={NoCode}");
        await Compare("search: 2,000 hidden hits | none, outsider", outsider, _ => $"Condition?code={Code}",
            _ => $"Condition?code={NoCode}");
        await Compare("control: the same absent Condition twice", housing, i => $"Condition/{absent[i % absent.Count]}",
            i => $"Condition/{absent[i % absent.Count]}");
    }

    private static async Task Compare(string what, HttpClient http, Func<int, string> hidden, Func<int, string> none)
    {
        for (var i = 0; i < Warm; i++)
        {
            await Time(http, hidden(i));
            await Time(http, none(i));
        }
        var (a, b) = (new double[Pairs], new double[Pairs]);
        for (var i = 0; i < Pairs; i++)
            if (Random.Shared.Next(2) == 0) (a[i], b[i]) = (await Time(http, hidden(i)), await Time(http, none(i)));
            else (b[i], a[i]) = (await Time(http, none(i)), await Time(http, hidden(i)));
        var differences = a.Zip(b, (x, y) => x - y).ToArray();
        var (paired, welch) = (differences.Average() / Math.Sqrt(Variance(differences) / Pairs),
            (a.Average() - b.Average()) / Math.Sqrt((Variance(a) + Variance(b)) / Pairs));
        // The slowest are the machine's doing; without them smaller differences show.
        var kept = differences.Order().Skip(Pairs / 20).SkipLast(Pairs / 20).ToArray();
        var trimmed = kept.Average() / Math.Sqrt(Variance(kept) / kept.Length);
        Console.WriteLine($"{what,-52} means {a.Average(),8:F1} | {b.Average(),8:F1} µs   medians {Median(a),8:F1} | {Median(b),8:F1} µs   z paired {paired,6:F2}, Welch {welch,6:F2}, paired without the outer tenth {trimmed,6:F2}   n {Pairs}   {(Math.Abs(paired) < 3 && Math.Abs(welch) < 3 ? "cannot be told apart" : "TOLD APART")}");
    }

    private static async Task<double> Time(HttpClient http, string url)
    {
        var clock = Stopwatch.GetTimestamp();
        using var answer = await http.GetAsync(url);
        await answer.Content.ReadAsByteArrayAsync();
        return Stopwatch.GetElapsedTime(clock).TotalMicroseconds;
    }

    private static async Task<int> Total(HttpClient http, string url) =>
        (int)System.Text.Json.Nodes.JsonNode.Parse(await http.GetStringAsync(url + "&_summary=count"))!["total"]!;

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
    }
}
