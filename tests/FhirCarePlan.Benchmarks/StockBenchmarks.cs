namespace FhirCarePlan.Benchmarks;

/// <summary>Does cost follow the answer or the stock? Processor time of the server for each request, the same answers from stores of
/// different sizes. The stores are filled once and kept in the folder given.</summary>
internal static class StockBenchmarks
{
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(1.5);

    /// <param name="what">`organisation` and `partnership`, or one of them, and sizes: 1000, 10000 and 100000 resources, and 500, 5500 and
    /// 50500 persons, if none is named.</param>
    public static async Task Run(string folder, string[] what)
    {
        var sizes = what.Where(w => char.IsDigit(w[0])).Select(int.Parse).ToArray();
        if (!what.Contains("partnership"))
            await Table(sizes is [] ? [1_000, 10_000, 100_000] : sizes, n => StockServer.Start(Path.Combine(folder, $"organisation-{n}"), 5994,
                [StockServer.One, "--Fhir:Types=*", "--Validation:Profiles=Declared", "--Samples:Load=false"],
                address => StockFill.Organisation(address, n)), "resources", Organisation);
        if (!what.Contains("organisation"))
            await Table(sizes is [] ? [500, 5_500, 50_500] : sizes, n => StockServer.Start(Path.Combine(folder, $"partnership-{n}"), 5995, [],
                address => StockFill.Partnership(address, n)), "persons", Partnership);
    }

    private static readonly (string Persona, string What, Func<string[], int, string> Url)[] Organisation =
    [
        ("system", "read by id", (known, i) => Of("CarePlan/", known, i)),
        ("system", "patient", (known, i) => $"Observation?patient={Of("Patient/", known, i)}"),
        ("system", "patient and code", (known, i) => $"Observation?patient={Of("Patient/", known, i)}&code=http://loinc.org|8867-4"),
        ("system", "patient's name", (known, i) => $"Observation?patient.name=pat{i % 50}&_count=10"),
        ("system", "_has, most", (_, _) => "Patient?_has:CarePlan:patient:status=active&_count=10"),
        ("system", "_content", (_, i) => $"CarePlan?_content=plan {i % 50}&_count=10"),
        ("system", "patient, sorted by date", (known, i) => $"Observation?patient={Of("Patient/", known, i)}&_sort=-date&_count=10"),
        ("system", "status=active&_count=10", (_, _) => "CarePlan?status=active&_count=10"),
        ("system", "status=active, _total=none", (_, _) => "CarePlan?status=active&_count=10&_total=none"),
        ("system", "_count=10", (_, _) => "Observation?_count=10"),
        ("system", "_sort=-_lastUpdated, _total=none", (_, _) => "Observation?_sort=-_lastUpdated&_count=10&_total=none"),
        ("system", "_sort=-date&_count=10", (_, _) => "Observation?_sort=-date&_count=10"),
        ("system", "_sort=family&_count=10", (_, _) => "Patient?_sort=family&_count=10"),
        ("system", "_lastUpdated=ge, ever", (_, _) => "Observation?_lastUpdated=ge2020-01-01&_count=10"),
        ("system", "_lastUpdated=ge, future", (_, _) => "Observation?_lastUpdated=ge2099-01-01&_count=10"),
        ("system", "date=ge, most", (_, _) => "Observation?date=ge2012&_count=10"),
        ("system", "newest AuditEvents", (_, _) => "AuditEvent?_count=10"),
        ("system", "newest AuditEvents, _total=none", (_, _) => "AuditEvent?_count=10&_total=none"),
    ];

    private static readonly (string Persona, string What, Func<string[], int, string> Url)[] Partnership =
    [
        ("care-coordinator", "patient, the trust", (known, i) => $"Condition?patient={Of("Patient/", known, i)}"),
        ("gp", "patient, the practice", (known, i) => $"Condition?patient={Of("Patient/", known, i)}"),
        ("housing-officer", "patient, housing", (known, i) => $"CarePlan?patient={Of("Patient/", known, i)}"),
        ("care-coordinator", "status=active, the trust", (_, _) => "Condition?clinical-status=active&_count=10"),
        ("gp", "status=active, the practice", (_, _) => "Condition?clinical-status=active&_count=10"),
        ("housing-officer", "status=active, housing", (_, _) => "CarePlan?status=active&_count=10"),
        ("gp", "code, the practice", (_, _) => "Condition?code=13746004&_count=10"),
        ("person", "one's own record", (_, _) => "CarePlan?_count=10"),
        ("ig-lead", "newest AuditEvents", (_, _) => "AuditEvent?_count=10"),
    ];

    private static string Of(string type, string[] known, int i)
    {
        var all = Array.FindAll(known, k => k.StartsWith(type, StringComparison.Ordinal));
        return all[(int)((uint)i * 2654435761 % (uint)all.Length)];
    }

    private static async Task Table(int[] sizes, Func<int, Task<StockServer>> start, string unit,
        (string Persona, string What, Func<string[], int, string> Url)[] rows)
    {
        var costs = new Dictionary<(string, int), (double Milliseconds, int Bytes)>();
        foreach (var size in sizes)
        {
            using var server = await start(size);
            var known = server.Known;
            // Until the code is compiled as it will stay.
            for (var round = 0; round < 2; round++)
                foreach (var (persona, _, url) in rows)
                {
                    using var http = await server.As(persona);
                    await server.Warm(http, i => url(known, i), Each / 3);
                }
            foreach (var (persona, what, url) in rows)
            {
                using var http = await server.As(persona);
                try
                {
                    var few = Enumerable.Range(0, 500).Select(i => url(known, i)).ToArray();
                    costs[(what, size)] = await server.Cost(http, i => few[i % few.Length], Each);
                }
                catch (Exception e) when (e is InvalidOperationException or TaskCanceledException)
                {
                    Console.Error.WriteLine($"{what}: {e.Message[..Math.Min(200, e.Message.Length)]}");
                }
            }
            Console.Error.WriteLine($"{size} {unit}: {server.OwnMegabytes:F0} MB");
        }
        Console.WriteLine($"{"ms of processor time a request; KB answered",-44}{string.Concat(sizes.Select(s => $"{s,10:N0}"))} {unit}");
        foreach (var (_, what, _) in rows)
        {
            var of = sizes.Where(s => costs.ContainsKey((what, s))).ToArray();
            Console.WriteLine($"{what,-44}{string.Concat(sizes.Select(s => costs.TryGetValue((what, s), out var c) ? $"{c.Milliseconds,10:F2}" : $"{"-",10}"))}"
                + (of.Length > 1 ? $"   x {costs[(what, of[^1])].Milliseconds / costs[(what, of[0])].Milliseconds:F1}" : "")
                + $"   KB {string.Join(' ', of.Select(s => $"{costs[(what, s)].Bytes / 1e3:F1}"))}");
        }
    }
}
