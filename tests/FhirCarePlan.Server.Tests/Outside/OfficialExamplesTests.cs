using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests;
using FhirCarePlan.Server.Tests.Tour;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>What others wrote, through the front door of one organisation's server: HL7's examples come back as sent, are found as an
/// independent engine says, and Synthea's patients go in whole.</summary>
public class OfficialExamplesTests(OneOrganisation organisation) : IClassFixture<OneOrganisation>
{
    private HttpClient Client => organisation.Client;

    /// <summary>Not stored, and why that is right.</summary>
    private static readonly Dictionary<string, (HttpStatusCode Status, string Why)> Refused = new()
    {
        ["Bundle-lri-example.json"] = (HttpStatusCode.UnprocessableEntity, "its `fullUrl`s disagree with the ids of its resources"),
        ["Bundle-3a0707d3-549e-4467-b8b8-5a2ab3800efe.json"] = (HttpStatusCode.UnprocessableEntity,
            "a `fullUrl` disagrees with the id of its resource"),
        ["DiagnosticReport-example-pgx.json"] = (HttpStatusCode.UnprocessableEntity, "the `hash` of an attachment is not that of its data"),
        ["Observation-f202.json"] = (HttpStatusCode.UnprocessableEntity, "R4's profile for a body temperature needs `effective[x]`"),
        ["ActivityDefinition-heart-valve-replacement.json"] = (HttpStatusCode.UnprocessableEntity,
            "txt-2: a narrative of nothing but white space"),
        ["EventDefinition-example.json"] = (HttpStatusCode.UnprocessableEntity, "txt-2: a narrative of nothing but white space"),
        ["DeviceMetric-example.json"] = (HttpStatusCode.UnprocessableEntity,
            "`parent` refers to a DeviceDefinition; it must refer to Device"),
        ["DeviceUseStatement-example.json"] = (HttpStatusCode.UnprocessableEntity,
            "`reasonReference` refers to a Procedure, which R4 does not list"),
        ["Consent-consent-example-pkb.json"] = (HttpStatusCode.UnprocessableEntity,
            "its actor Organization/f001 is not among the examples, so whom it refuses cannot be decided"),
        ["Consent-consent-example-Emergency.json"] = (HttpStatusCode.UnprocessableEntity,
            "its actor Organization/f001 is not among the examples"),
        ["Consent-consent-example-notThem.json"] = (HttpStatusCode.UnprocessableEntity,
            "its actor Practitioner/f204 is not among the examples"),
        ["Consent-consent-example-smartonfhir.json"] = (HttpStatusCode.UnprocessableEntity,
            "its Patient/xcda is not among the examples, so it would bind nobody"),
        ["Media-1.2.840.11361907579238403408700.3.1.04.19970327150033.json"] = (HttpStatusCode.UnprocessableEntity,
            "its narrative loads an image from another server"),
        ["Parameters-example.json"] = (HttpStatusCode.BadRequest, "has no id, so it cannot be put anywhere"),
    };

    private static readonly byte[] NoMeta = "{\"source\":\"urn:x\"}"u8.ToArray();

    [SharedFact]
    public async Task Every_example_is_stored_read_back_as_sent_and_found_as_the_oracle_says()
    {
        var stored = new HashSet<string>();
        var faults = new List<string>();
        // A Consent names people and agencies that must be there, even on a server of one's own.
        foreach (var line in File.ReadLines(Path.Combine(SharedData.Folder("data/examples")!, "index.ndjson"))
            .OrderBy(l => l.Contains("\"Consent\"", StringComparison.Ordinal)))
        {
            using var entry = JsonDocument.Parse(line);
            var (file, type, id) = (entry.RootElement.GetProperty("file").GetString()!, entry.RootElement.GetProperty("type")
                .GetString()!, entry.RootElement.GetProperty("id").GetString()!);
            var body = await File.ReadAllBytesAsync(Path.Combine(SharedData.Folder("data/examples/json")!, file));
            var put = await Client.Send("PUT", $"{type}/{id}", body);
            var expected = type == "AuditEvent"
                ? HttpStatusCode.MethodNotAllowed : Refused.TryGetValue(file, out var known) ? known.Status : HttpStatusCode.Created;
            if (put.Status != (int)expected) faults.Add($"{file}: {put.Status} {(put.Status < 300 ? "stored" : put.Said)}");
            if (put.Status != 201) continue;
            stored.Add($"{type}/{id}");
            var read = await Client.Get($"{type}/{id}");
            if (read.Status != HttpStatusCode.OK || Canonical(body) != Canonical(Encoding.UTF8.GetBytes(read.Body)))
                faults.Add($"{file}: comes back otherwise");
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(stored.Count > 386, $"only {stored.Count}");
        await SearchesFindWhatTheOracleSays(stored);
    }

    private async Task SearchesFindWhatTheOracleSays(HashSet<string> stored)
    {
        var faults = new List<string>();
        var asked = 0;
        foreach (var line in File.ReadLines(Path.Combine(SharedData.Folder("data/search-oracle")!, "cases.ndjson")))
        {
            using var search = JsonDocument.Parse(line);
            var (name, query) = (search.RootElement.GetProperty("id").GetString(), search.RootElement.GetProperty("query").GetString()!);
            if (query.StartsWith("AuditEvent?", StringComparison.Ordinal)) continue; // the trail holds its own events only
            var expected = search.RootElement.GetProperty("expected").EnumerateArray().Select(e => e.GetString()!).Where(stored.Contains)
                .Order(StringComparer.Ordinal).ToList();
            var answer = await Client.Get($"{query}&_count=1000");
            asked++;
            if (answer.Status != HttpStatusCode.OK)
            {
                faults.Add($"{name} {query}: {(int)answer.Status}");
                continue;
            }
            var found = answer.Entries.Select(e => $"{(string)e["resource"]!["resourceType"]!}/{(string)e["resource"]!["id"]!}")
                .Order(StringComparer.Ordinal).ToList();
            if (!found.SequenceEqual(expected) || answer.Total != expected.Count)
                faults.Add($"{name} {query}: found besides {string.Join(",", found.Except(expected).Take(5))}; not found {string.Join(",", expected.Except(found).Take(5))}; total {answer.Total}");
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(asked > 360);
    }

    [SharedFact]
    public async Task Synthea_hospitals_practitioners_and_patients_go_in_as_transactions()
    {
        var folder = SharedData.Folder("data/synthea")!;
        var files = Directory.GetFiles(folder, "hospital*").Concat(Directory.GetFiles(folder, "practitioner*"))
            .Concat(Directory.GetFiles(folder, "A*.json.gz").Order(StringComparer.Ordinal).Take(2)).ToList();
        Assert.Equal(4, files.Count);
        foreach (var file in files)
        {
            await using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            await packed.CopyToAsync(plain);
            var answer = await Client.Send("POST", "", plain.ToArray());
            Assert.True(answer.Status == 200,
                $"{Path.GetFileName(file)}: {answer.Status} {answer.Body[..Math.Min(500, answer.Body.Length)]}");
            var entries = answer.Json["entry"]!.AsArray();
            Assert.All(entries, e => Assert.Equal("201", (string?)e!["response"]!["status"]));
            // References to an entry lead to the resource that was stored for it.
            foreach (var entry in entries.Take(30))
                Assert.DoesNotContain("urn:uuid:", (await Client.Get((string)entry!["response"]!["location"]!)).Body);
        }
    }

    /// <summary>The one written form, with `meta` put aside.</summary>
    private static string Canonical(byte[] body)
    {
        var report = new Report();
        using var document = JsonParser.Parse(body, report);
        Assert.True(document != null, string.Join("; ", report.Issues));
        return Encoding.UTF8.GetString(CanonicalJson.Write(document, new WriteOptions { Id = "same", Meta = NoMeta }));
    }
}
