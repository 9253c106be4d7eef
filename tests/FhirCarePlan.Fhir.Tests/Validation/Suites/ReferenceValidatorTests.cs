using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;
using Xunit.Abstractions;

namespace FhirCarePlan.Fhir.Tests.Validation.Suites;

/// <summary>The verdict agrees with that of HL7's reference validator, case by case.</summary>
public class ReferenceValidatorTests(ITestOutputHelper output)
{
    [SharedTheory]
    [InlineData("T1")]
    public void Agrees_but_for_what_is_known(string tier)
    {
        var folder = SharedData.Folder("data/validator")!;
        var disagree = new SortedDictionary<string, string>(StringComparer.Ordinal);
        int count = 0, overStrict = 0;
        foreach (var line in File.ReadLines(Path.Combine(folder, "cases.ndjson")))
        {
            var test = JsonDocument.Parse(line).RootElement;
            if (test.GetProperty("tier").GetString() != tier) continue;
            // Where an XML case could not be converted, the XML is what there is.
            var file = test.GetProperty("json").GetString() ?? test.GetProperty("file").GetString()!;
            count++;
            var report = Run(test, folder, file);
            var valid = test.GetProperty("expect").GetProperty("valid").GetBoolean();
            if (valid == !report.HasErrors) continue;
            if (valid) overStrict++;
            disagree[test.GetProperty("id").GetString()!] = (valid ? "over-strict: " : "missed: ") + string.Join("; ", report.Errors().Take(3));
        }
        output.WriteLine($"{tier}: {count - disagree.Count} of {count} agree, {overStrict} over-strict");
        foreach (var (name, what) in disagree) output.WriteLine($"{name}: {what}");
        Assert.Equal(Known.Read($"reference-validator-{tier}.json").Keys, disagree.Keys);
    }

    private static Report Run(JsonElement test, string folder, string file)
    {
        var report = new Report();
        var supporting = test.GetProperty("supportingJson").EnumerateArray().Select(s => s.GetString()).OfType<string>().Distinct()
            .Select(s => PackageFile.Peek(s, File.ReadAllBytes(Path.Combine(folder, s)))).OfType<PackageFile>();
        var set = Outside.R4WithProfiles.With(FhirPackage.Of("case", supporting), new Report());
        using var document = ResourceReader.Read(File.ReadAllBytes(Path.Combine(folder, file)), null, report);
        if (document != null) new Validator(set, TimeProvider.System).Validate(document, test.GetProperty("profile").GetString() is { } profile ? [profile] : [], report);
        return report;
    }
}
