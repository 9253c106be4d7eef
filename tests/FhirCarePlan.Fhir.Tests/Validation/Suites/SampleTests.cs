using System.Text.Json;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;
using FhirCarePlan.Fhir.Validation.Choosing;

namespace FhirCarePlan.Fhir.Tests.Validation.Suites;

/// <summary>Every sample has the outcome that `samples/expectations.json` says.</summary>
public class SampleTests
{
    public static TheoryData<string> Files => [.. Expectations.Keys];

    private static Dictionary<string, JsonElement> Expectations { get; } = JsonDocument
        .Parse(File.ReadAllText(Path.Combine(SharedData.Repository, "samples", "expectations.json")))
        .RootElement.EnumerateArray().ToDictionary(e => e.GetProperty("file").GetString()!);

    [Theory]
    [MemberData(nameof(Files))]
    public void Has_the_stated_outcome(string file)
    {
        var expected = Expectations[file];
        var report = Check.With(Check.CpaPackage, File.ReadAllText(Path.Combine(SharedData.Repository, "samples", file)), [expected.GetProperty("profile").GetString()!]);

        Assert.Equal(
            expected.GetProperty("expect").EnumerateArray()
                .Select(e => $"{e.GetProperty("severity")} {e.GetProperty("key")} {e.GetProperty("expression")}").Order(),
            report.Issues.Where(i => i.IsError || (i.Severity == IssueSeverity.Warning && i.Key!.StartsWith("cpa-")))
                .Select(i => $"{i.Severity.ToString().ToLowerInvariant()} {i.Key} {i.Expression}").Order());
    }

    [Fact]
    public void Whatever_is_loaded_at_first_start_meets_its_profile()
    {
        var choice = new ProfileChoice(Check.Table);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(SharedData.Repository, "samples", "partnership"), "*.json").Where(f => Path.GetFileName(f) != "index.json"))
        {
            var report = new Report();
            using var document = JsonParser.Parse(File.ReadAllBytes(file), report)!;
            var chosen = choice.For(document.Root);
            Assert.Empty(chosen.Doubts);
            Check.CpaPackage.Validate(document, chosen.Profiles, report);
            Assert.True(!report.HasErrors, $"{Path.GetFileName(file)}: {string.Join("; ", report.Issues.Where(i => i.IsError).Select(i => $"{i.Key} {i.Expression} {i.Text}"))}");
        }
    }
}
