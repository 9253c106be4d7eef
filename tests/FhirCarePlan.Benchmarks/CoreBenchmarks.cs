using System.Text;
using System.Text.Json;
using FhirCarePlan.Care;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Fhir.Validation;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Operations;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Sharing.Views;

namespace FhirCarePlan.Benchmarks;

/// <summary>What one resource costs, as a multiple of `JsonDocument.Parse` of the same bytes in the same run.</summary>
internal sealed class CoreBenchmarks(string only)
{
    private const string BaseVerdict = "bytes → verdict, base R4";
    private const string Cpa = "https://fhir.cpa.example/StructureDefinition/";
    // What a valid resource may allocate: 2 KB, and 64 B for each invariant evaluated; even the smallest resource has dozens.
    private const int Bytes = 2_048;

    private static readonly string Profiles = Path.Combine(AppContext.BaseDirectory, "profiles");
    private readonly Validator validator = new(DefinitionSet.Base.With(PackageReader.FromFolder(Profiles, new Report()), new Report()),
        TimeProvider.System);

    public void Run()
    {
        if (Outside() is { } floor) Validation("CarePlan of the floor", File.ReadAllBytes(floor), null);
        Plan("CarePlan", Sample("tour", "care-plan.json"));
        Validation("CarePlan, one of everything", Sample("valid", "CPA-CarePlan", "one-of-everything.json"), "CPA-CarePlan");
        Validation("CareTeam", Sample("valid", "CPA-CareTeam", "active-team.json"), "CPA-CareTeam");
        Validation("Condition", Sample("valid", "CPA-Condition", "reviewed.json"), "CPA-Condition");
        Validation("Consent", Sample("valid", "CPA-Consent", "permit.json"), "CPA-Consent");
        Bundles();
        Invariant();
    }

    private Contest Validation(string input, byte[] body, string? profile)
    {
        var contest = new Contest(input, body, only);
        AddValidation(contest, body, profile);
        contest.Run();
        return contest;
    }

    /// <summary>Ten times the entries may cost ten times the work, and a fifth more for what no longer fits into the caches.</summary>
    private void Bundles()
    {
        var (few, many) = (Validation("Bundle of 200", BundleOf(200), null), Validation("Bundle of 2,000", BundleOf(2_000), null));
        var times = many.Quickest(BaseVerdict) / few.Quickest(BaseVerdict);
        if (times > 0) Console.WriteLine($"  2,000 entries cost {times:F1} x what 200 cost{Contest.Bar(times, 12, " x")}");
    }

    private void AddValidation(Contest contest, byte[] body, string? profile)
    {
        var resources = body.AsSpan().Count("\"resourceType\""u8);
        contest.Add("bytes → tree", () => JsonParser.Parse(body, new Report())!.Dispose());
        contest.Add(BaseVerdict, () => Validate(body, []), 3, Bytes * resources);
        if (profile == null) return;
        string[] asked = [Cpa + profile];
        contest.Add($"bytes → verdict, {profile}", () => Validate(body, asked), 5, Bytes);
    }

    /// <summary>The most important resource, through all that a write does with it in memory.</summary>
    private void Plan(string input, byte[] body)
    {
        var contest = new Contest(input, body, only);
        AddValidation(contest, body, "CPA-CarePlan");
        using var document = JsonParser.Parse(body, new Report())!;
        var extractor = new IndexExtractor(new SearchParameters(), TimeZoneInfo.Utc, TimeProvider.System);
        var protocol = ProtocolFolder.Load(Path.Combine(Profiles, "sharing", "rivelin-partnership.yaml"), DateTimeOffset.UtcNow).Protocol!;
        var bits = ProtocolBits.InOrder(protocol);
        var labeller = new Labeller(protocol, bits, TimeProvider.System);
        var packed = LabelBytes.Pack(document, labeller.Label(document), body);
        var marks = new MarksTable(protocol, bits, labeller);
        var partial = bits.Of(["demographics", "contact", "care-plan-summary", "crisis-plan", "care-team", "accommodation", "directory"]);
        contest.Add("tree → canonical form", () => CanonicalJson.Write(document));
        contest.Add("tree → index values", () => extractor.Extract(document), 2);
        contest.Add("tree → labels", () => labeller.Label(document));
        contest.Add("tree → labels, packed", () => LabelBytes.Pack(document, labeller.Label(document), body), 2);
        contest.Add("stored bytes → partial view", () => View.Write(body, packed, partial, marks.For("CarePlan", partial)));
        contest.Run();
    }

    /// <summary>One rule as FHIRPath on a small node: at most 200 ns.</summary>
    private void Invariant()
    {
        var body =
            """{"resourceType":"Patient","contact":[{"name":{"family":"Hill"}}],"name":[{"family":"Hill","given":["Robin"]}],"gender":"male"}"""u8.ToArray();
        var contest = new Contest("Patient of one contact", body, only);
        var document = JsonParser.Parse(body, new Report())!;
        var context = new FhirPathContext(TimeProvider.System);
        foreach (var (focus, text) in new[]
        {
            (document.Root["contact"], "name.exists() or telecom.exists() or address.exists() or organization.exists()"),
            (document.Root, "gender = 'male' implies name.exists()"),
            (document.Root["name"], "family.exists() or given.exists()"),
        })
        {
            var expression = FhirPathExpression.Compile(text);
            contest.Add($"{text} (≤ 0.2 µs)", () => expression.Test(focus, context));
        }
        contest.Run();
    }

    private void Validate(byte[] body, string[] asked)
    {
        var issues = new Report();
        using var parsed = JsonParser.Parse(body, issues)!;
        validator.Validate(parsed, asked, issues);
    }

    /// <summary>A collection of the partnership's resources, each entry with a full URL of its own.</summary>
    private static byte[] BundleOf(int entries)
    {
        var samples = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "samples", "partnership"), "*-*.json")
            .Order(StringComparer.Ordinal).Select(Canonical).ToArray();
        var bundle = new StringBuilder("""{"resourceType":"Bundle","type":"collection","entry":[""");
        for (var i = 0; i < entries; i++)
        {
            var id = new Guid(i, 0, 0x4000, 0x80, 0, 0, 0, 0, 0, 0, 0);
            bundle.Append(i == 0 ? "" : ",").Append($$"""{"fullUrl":"urn:uuid:{{id}}","resource":""")
                .Append(Encoding.UTF8.GetString(samples[i % samples.Length])).Append('}');
        }
        return Encoding.UTF8.GetBytes(bundle.Append("]}").ToString());
    }

    private static byte[] Sample(params string[] path) => Canonical(Path.Combine([AppContext.BaseDirectory, "samples", .. path]));

    private static byte[] Canonical(string file)
    {
        using var document = JsonParser.Parse(File.ReadAllBytes(file), new Report())!;
        return CanonicalJson.Write(document);
    }

    /// <summary>The floor's plan, which is not ours; null where it is not at hand.</summary>
    private static string? Outside()
    {
        var shared = Environment.GetEnvironmentVariable("FCP_SHARED");
        if (shared == null)
            for (var folder = Path.GetDirectoryName(AppContext.BaseDirectory); folder != null
                && shared == null; folder = Path.GetDirectoryName(folder))
                if (File.Exists(Path.Combine(folder, "FhirCarePlan.sln"))) shared = Path.Combine(folder, "..", "shared");
        var plan = shared == null ? null : Path.Combine(shared, "floor", "careplan.json");
        return File.Exists(plan) ? plan : null;
    }
}
