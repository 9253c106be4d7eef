using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests.Validation;
using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Fhir.Tests.Guide;

/// <summary>A valid CPA instance is a valid UK Core instance once the UK Core package is loaded: of the UK Core profile that its own
/// profile names as parent (`mapping`).</summary>
public class UkCoreTests
{
    /// <summary>Of these UK Core has no profile; base R4 is all there is to meet.</summary>
    private static readonly string[] WithoutParent = ["CPA-Goal", "CPA-RiskAssessment"];

    [Fact]
    public void Every_profile_but_two_names_its_parent_in_UK_Core() =>
        Assert.Equal(WithoutParent, Check.Cpa.All("StructureDefinition").Select(f => Check.Cpa.Profile(f.Url!)!)
            .Where(p => !p.IsExtension && Parent(p.Url) is null).Select(p => p.Source.TextOf("id")));

    [SharedFact]
    public void Every_valid_sample_is_valid_UK_Core()
    {
        var validator = new Validator(CpaAndUkCore(), Check.Clock);
        var wrong = new List<string>();
        var count = 0;
        foreach (var sample in JsonDocument.Parse(File.ReadAllText(Sample("expectations.json"))).RootElement.EnumerateArray())
        {
            if (!sample.GetProperty("valid").GetBoolean()) continue;
            var file = sample.GetProperty("file").GetString()!;
            var json = File.ReadAllText(Sample(file));
            string[] profiles = Parent(sample.GetProperty("profile").GetString()!) is { } parent ? [parent] : [];
            wrong.AddRange(Check.With(validator, json, profiles).Errors().Select(e => $"{file}: {e}"));
            count++;
        }
        Assert.Empty(wrong);
        Assert.True(count > 150);
    }

    private static string? Parent(string profile) =>
        Check.Cpa.Profile(profile)?.Source.All("mapping").ToList().Find(m => m.TextOf("identity") == "uk-core").TextOf("uri");

    private static DefinitionSet CpaAndUkCore()
    {
        var report = new Report();
        var set = Check.Cpa;
        foreach (var list in (string[])["codesystems", "valuesets", "structuredefinitions"])
            set = set.With(PackageReader.FromLines(Path.Combine(SharedData.Folder("data/ukcore")!, $"{list}.ndjson.gz"), report), report);
        return set;
    }

    private static string Sample(string file) => Path.Combine(SharedData.Repository, "samples", file);
}
