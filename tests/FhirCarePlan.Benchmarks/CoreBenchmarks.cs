using System.Diagnostics;
using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Fhir.Validation;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Sharing.Views;

namespace FhirCarePlan.Benchmarks;

/// <summary>What one resource costs, as a multiple of `JsonDocument.Parse` of the same bytes in the same run.</summary>
internal static class CoreBenchmarks
{
    public static void Run()
    {
        var profiles = Path.Combine(AppContext.BaseDirectory, "profiles");
        var report = new Report();
        var validator = new Validator(DefinitionSet.Base.With(PackageReader.FromFolder(profiles, report), report), TimeProvider.System);
        var body = Canonical(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "samples", "tour", "care-plan.json")));
        var extractor = new IndexExtractor(new SearchParameters(), TimeZoneInfo.Utc, TimeProvider.System);
        var protocol = ProtocolFolder.Load(Path.Combine(profiles, "sharing", "rivelin-partnership.yaml"), DateTimeOffset.UtcNow).Protocol!;
        var bits = ProtocolBits.InOrder(protocol);
        var labeller = new Labeller(protocol, bits, TimeProvider.System);
        using var document = JsonParser.Parse(body, report)!;
        var labels = labeller.Label(document);
        var packed = LabelBytes.Pack(document, labels, body);
        var marks = new MarksTable(protocol, bits, labeller);
        var partial = bits.Of(["demographics", "contact", "care-plan-summary", "crisis-plan", "care-team", "accommodation", "directory"]);
        string[] cpa = ["https://fhir.cpa.example/StructureDefinition/CPA-CarePlan"];

        Console.WriteLine($"CarePlan of {body.Length:N0} bytes, {document.Count} nodes");
        var floor = Measure("JsonDocument.Parse", 0, () => JsonDocument.Parse(body).Dispose());
        Measure("parse", floor, () => JsonParser.Parse(body, new Report())!.Dispose());
        Measure("parse + validate base R4", floor, () => Validate([]));
        Measure("parse + validate CPA-CarePlan", floor, () => Validate(cpa));
        Measure("canonical form", floor, () => CanonicalJson.Write(document));
        Measure("index values", floor, () => extractor.Extract(document));
        Measure("labels, packed", floor, () => LabelBytes.Pack(document, labeller.Label(document), body));
        Measure("partial view", floor, () => View.Write(body, packed, partial, marks.For("CarePlan", partial)));

        void Validate(string[] asked)
        {
            var issues = new Report();
            using var parsed = JsonParser.Parse(body, issues)!;
            validator.Validate(parsed, asked, issues);
        }
    }

    private static byte[] Canonical(byte[] json)
    {
        using var document = JsonParser.Parse(json, new Report())!;
        return CanonicalJson.Write(document);
    }

    /// <summary>Median of five rounds, in microseconds.</summary>
    private static double Measure(string what, double floor, Action action)
    {
        for (var i = 0; i < 2_000; i++) action();
        var rounds = new double[5];
        long allocated = 0;
        for (var round = 0; round < rounds.Length; round++)
        {
            const int times = 2_000;
            var before = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < times; i++) action();
            rounds[round] = clock.Elapsed.TotalMicroseconds / times;
            allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / times;
        }
        var median = rounds.Order().ElementAt(2);
        Console.WriteLine($"{what,-32}{median,10:F1} µs{(floor > 0 ? median / floor : 1),8:F2} x{allocated,12:N0} B");
        return median;
    }
}
