namespace FhirCarePlan.Benchmarks;

/// <summary>The cost of a start, in whole processes: to the first verdict, with all of base R4 and the CPA profiles, and to the server's
/// first answer.</summary>
internal static class ColdBenchmarks
{
    private const int Rounds = 5;
    private const string Address = "http://127.0.0.1:5987";

    public static async Task Run()
    {
        var plan = Path.Combine(AppContext.BaseDirectory, "samples", "tour", "care-plan.json");
        var runs = new List<(double Milliseconds, double Working, double Megabytes)>();
        for (var i = 0; i < Rounds; i++)
        {
            using var command = new Child(Child.Server, AppContext.BaseDirectory, "validate", plan, "--profile",
                "https://fhir.cpa.example/StructureDefinition/CPA-CarePlan");
            runs.Add(command.UntilItEnds());
        }
        Print("start to first verdict and end", runs, 600, 120);

        var data = Directory.CreateTempSubdirectory("fcp-cold-").FullName;
        try
        {
            Print("server: empty database, no samples", [await Serve(data, "false")]);
            runs.Clear();
            for (var i = 0; i < Rounds; i++) runs.Add(await Serve(data, "false"));
            Print("server: same database again", runs);
            Print("server: loading the samples", [await Serve(data, "true")]);
        }
        finally
        {
            Directory.Delete(data, true);
        }
    }

    private static async Task<(double, double, double)> Serve(string data, string samples)
    {
        using var http = new HttpClient();
        using var server = new Child(Child.Server, data, $"--urls={Address}", $"--Samples:Load={samples}",
            $"--Storage:ConnectionString=Data Source={Path.Combine(data, "cold.db")}");
        var taken = await server.UntilItAnswers(http, $"{Address}/fhir/metadata");
        var (working, megabytes) = server.SoFar();
        return (taken, working, megabytes);
    }

    private static void Print(string what, List<(double Milliseconds, double Working, double Megabytes)> runs, double mostTime = 0,
        double mostMemory = 0)
    {
        var (time, memory) = (Median(runs.Select(r => r.Milliseconds)), Median(runs.Select(r => r.Megabytes)));
        Console.WriteLine($"{what,-38}{time,7:F0} ms{Contest.Bar(time, mostTime, " ms"),-16}{memory,6:F0} MB{Contest.Bar(memory, mostMemory, " MB")}"
            + $"   (of {runs.Count}: {runs.Min(r => r.Milliseconds):F0} to {runs.Max(r => r.Milliseconds):F0} ms; {Median(runs.Select(r => r.Working)):F0} ms of work on all cores)");
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
