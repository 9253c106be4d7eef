using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Fhir.Tests.Validation.Suites;

/// <summary>Other people's packages load, and their examples are as valid as they say.</summary>
public class PackageSuiteTests
{
    [SharedFact]
    public void The_examples_of_the_international_patient_summary_are_valid()
    {
        var set = Outside.R4WithProfiles.With(Outside.Lines("data/packages/ips-2.0.0/StructureDefinition.ndjson.gz"), new Report())
            .With(Outside.Lines("data/packages/ips-2.0.0/ValueSet.ndjson.gz"), new Report());
        var validator = new Validator(set, TimeProvider.System);
        var examples = Outside.Lines("data/packages/ips-2.0.0/examples.ndjson.gz").Files;
        Assert.Equal(44, examples.Count);
        foreach (var example in examples)
        {
            var report = Validate(validator, example.Utf8, []);
            Assert.True(!report.HasErrors, $"{example.ResourceType}/{example.Id}: {string.Join("; ", report.Errors())}");
        }
    }

    [SharedFact]
    public void The_examples_of_UK_Core_are_valid_but_for_those_that_are_wrong_themselves()
    {
        var set = Outside.R4WithProfiles;
        foreach (var list in new[] { "codesystems", "valuesets", "structuredefinitions" })
            set = set.With(Outside.Lines($"data/ukcore/{list}.ndjson.gz"), new Report());
        var validator = new Validator(set, TimeProvider.System);
        var rejected = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(SharedData.Folder("data/ukcore/index.ndjson")!))
        {
            var entry = JsonDocument.Parse(line).RootElement;
            var file = entry.GetProperty("file").GetString()!;
            string[] profiles = [.. entry.GetProperty("profile").EnumerateArray().Select(p => p.GetString()!)];
            if (Validate(validator, File.ReadAllBytes(SharedData.Folder($"data/ukcore/{file}")!), profiles).HasErrors) rejected.Add(file);
        }
        Assert.Equal(
            [
                // Its extension has valueCode and valueCodeableConcept at once.
                "examples/Extension-UKCore-ConditionEpisode-Example.json",
                // Its full URLs are relative.
                "examples/UKCore-Bundle-NEWS2Observations-Example.json",
                // In metres; R4's profile for body height, asked of every body height, allows centimetres and inches.
                "examples/UKCore-Observation-VitalSigns-BodyHeight-Example.json",
            ], rejected);
    }

    private static Report Validate(Validator validator, ReadOnlyMemory<byte> utf8, string[] profiles)
    {
        var report = new Report();
        using var document = JsonParser.Parse(utf8, report);
        if (document != null) validator.Validate(document, profiles, report);
        return report;
    }
}
