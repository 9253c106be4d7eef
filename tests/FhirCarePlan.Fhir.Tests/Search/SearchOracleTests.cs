using System.Text.Json;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search;

/// <summary>377 searches over the official examples, whose answers another implementation computed: `data/search-oracle`.</summary>
public sealed class SearchOracleTests
{
    [SharedFact]
    public void Finds_what_the_published_expressions_say()
    {
        var examples = Examples();
        var failures = new List<string>();
        var count = 0;
        foreach (var line in File.ReadLines(SharedData.Folder("data/search-oracle/cases.ndjson")!))
        {
            var test = JsonDocument.Parse(line).RootElement;
            string id = test.GetProperty("id").GetString()!, url = test.GetProperty("query").GetString()!, type = test.GetProperty("type")
                .GetString()!;
            count++;
            var report = new Report();
            var query = Given.Parser.Parse(type, url[(url.IndexOf('?') + 1)..], report);
            if (query is null) { failures.Add($"{id} {url}: refused, {report.Issues[0].Text}"); continue; }
            var expected = test.GetProperty("expected").EnumerateArray().Select(e => e.GetString()!).Where(examples.ContainsKey)
                .ToHashSet();
            var found = examples.Where(e =>
                Oracle.Matches(query, e.Key[..e.Key.IndexOf('/')], e.Key[(e.Key.IndexOf('/') + 1)..], 0, e.Value)).Select(e => e.Key)
                .ToHashSet();
            if (!found.SetEquals(expected))
                failures.Add($"{id} {url}: missing {string.Join(' ', expected.Except(found).Order())}; too many {string.Join(' ', found.Except(expected).Order())}");
        }
        Assert.True(count >= 377);
        Assert.True(failures.Count == 0, $"{failures.Count} of {count}:\n{string.Join('\n', failures)}");
    }

    private static Dictionary<string, List<IndexEntry>> Examples()
    {
        var all = new Dictionary<string, List<IndexEntry>>();
        foreach (var file in Directory.EnumerateFiles(SharedData.Folder("data/examples/json")!, "*.json"))
        {
            var report = new Report();
            using var document = JsonParser.Parse(File.ReadAllBytes(file), report);
            Assert.True(document != null, $"{Path.GetFileName(file)}: {report.Issues.FirstOrDefault()?.Text}");
            all[$"{document.Type.Name}/{document.Root.TextOf("id")}"] = Given.Extractor.Extract(document);
        }
        return all;
    }
}
