using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;
using Xunit.Abstractions;

namespace FhirCarePlan.Fhir.Tests.Validation.Suites;

/// <summary>The reference validator's cases that exist as XML: the same verdict as on the JSON they were converted to, case by
/// case.</summary>
public class XmlVerdictTests(ITestOutputHelper output)
{
    [SharedFact]
    public void The_verdict_on_XML_is_that_on_JSON_but_for_what_is_known()
    {
        var folder = SharedData.Folder("data/validator")!;
        var differ = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var count = 0;
        foreach (var line in File.ReadLines(Path.Combine(folder, "cases.ndjson")))
        {
            var test = JsonDocument.Parse(line).RootElement;
            var file = test.GetProperty("file").GetString()!;
            if (!file.EndsWith(".xml", StringComparison.Ordinal) || test.GetProperty("json").GetString() is not { } json) continue;
            count++;
            var asXml = Run(test, folder, file);
            if (asXml.HasErrors != Run(test, folder, json).HasErrors)
                differ[test.GetProperty("id").GetString()!] = $"XML: {string.Join("; ", asXml.Errors().Take(3))}";
        }
        output.WriteLine($"{count - differ.Count} of {count} agree");
        foreach (var (name, what) in differ) output.WriteLine($"{name}: {what}");
        Assert.True(count > 90, $"{count} cases");
        Assert.Equal(Known.Read("xml-verdicts.json").Keys, differ.Keys);
    }

    private static Report Run(JsonElement test, string folder, string file)
    {
        var report = new Report();
        var supporting = test.GetProperty("supportingJson").EnumerateArray().Select(s => s.GetString()).OfType<string>().Distinct()
            .Select(s => PackageFile.Peek(s, File.ReadAllBytes(Path.Combine(folder, s)))).OfType<PackageFile>();
        var set = Outside.R4WithProfiles.With(FhirPackage.Of("case", supporting), new Report());
        using var document = ResourceReader.Read(File.ReadAllBytes(Path.Combine(folder, file)), null, report);
        if (document != null)
            new Validator(set, TimeProvider.System)
            .Validate(document, test.GetProperty("profile").GetString() is { } profile ? [profile] : [], report);
        return report;
    }
}
