using System.Diagnostics;
using System.Text.Json;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Benchmarks;

/// <summary>Pieces of work on one input, done in turn with `JsonDocument.Parse` of the same bytes, so that other work of the machine
/// affects all alike. A result is the median of five rounds, each a ratio of the quickest turns.</summary>
internal sealed class Contest(string input, byte[] bytes, string only)
{
    private const int Rounds = 5, Turns = 20;

    private readonly List<Entry> entries = [];

    private sealed record Entry(string What, Action Work, double MostTimes, double MostBytes)
    {
        public double[] Ratios { get; } = new double[Rounds];
        public double Microseconds { get; set; }
        public long Bytes { get; set; }
    }

    /// <param name="mostTimes">How many times the floor it may take; 0 where no bar is set.</param>
    /// <param name="mostBytes">How much it may allocate; 0 where no bar is set.</param>
    public void Add(string what, Action work, double mostTimes = 0, double mostBytes = 0)
    {
        if ($"{input}: {what}".Contains(only, StringComparison.OrdinalIgnoreCase)) entries.Add(new(what, work, mostTimes, mostBytes));
    }

    public void Run()
    {
        if (entries.Count == 0) return;
        var floor = new Entry("", () => JsonDocument.Parse(bytes).Dispose(), 0, 0);
        var times = Math.Max(1, Warm(floor.Work));
        foreach (var entry in entries) Warm(entry.Work);
        for (var round = 0; round < Rounds; round++) Race(round, floor, times);
        Console.WriteLine($"{input}: {bytes.Length:N0} bytes, JsonDocument.Parse {floor.Microseconds:F1} µs");
        foreach (var entry in entries) Print(entry);
    }

    /// <summary>The quickest turn of each: other work on the machine can only slow a turn down.</summary>
    private void Race(int round, Entry floor, int times)
    {
        var best = double.MaxValue;
        var bests = Enumerable.Repeat(double.MaxValue, entries.Count).ToArray();
        for (var turn = 0; turn < Turns; turn++)
        {
            best = Math.Min(best, Time(floor, times));
            for (var i = 0; i < entries.Count; i++) bests[i] = Math.Min(bests[i], Time(entries[i], times));
        }
        for (var i = 0; i < entries.Count; i++) entries[i].Ratios[round] = bests[i] / best;
    }

    /// <summary>Runs until the compiler has done its best, which on a busy machine takes its time: until six windows bring nothing more.
    /// Says how often the work is done in half a millisecond.</summary>
    private static int Warm(Action work)
    {
        var (best, since) = (0, 0);
        for (var window = 0; window < 40 && since < 6; window++)
        {
            var count = 0;
            for (var clock = Stopwatch.StartNew(); clock.ElapsedMilliseconds < 250; count++) work();
            since = count > best * 1.03 ? 0 : since + 1;
            best = Math.Max(best, count);
        }
        return best / 500;
    }

    private static double Time(Entry entry, int times)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < times; i++) entry.Work();
        var spent = clock.Elapsed.TotalMicroseconds;
        entry.Bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / times;
        entry.Microseconds = entry.Microseconds == 0 ? spent / times : Math.Min(entry.Microseconds, spent / times);
        return spent;
    }

    /// <summary>Microseconds of the quickest turn; 0 for work that was left out.</summary>
    public double Quickest(string what) => entries.Find(e => e.What == what)?.Microseconds ?? 0;

    private static void Print(Entry entry)
    {
        var ratio = entry.Ratios.Order().ElementAt(Rounds / 2);
        Console.WriteLine($"  {entry.What,-34}{entry.Microseconds,9:F1} µs{ratio,8:F2} x{Bar(ratio, entry.MostTimes, " x"),-18}{entry.Bytes,10:N0} B{Bar(entry.Bytes, entry.MostBytes, " B")}");
    }

    public static string Bar(double found, double most, string unit) =>
        most == 0 ? "" : $"  {(found <= most ? "meets" : "MISSES")} {most:N0}{unit}";
}
