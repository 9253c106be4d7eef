using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;
using Xunit.Abstractions;

namespace FhirCarePlan.SecondOpinion.Tests;

/// <summary>Both engines judge the same resources. Of suites from outside a part is judged, a quarter and all that is listed, because
/// Firely takes its time; `FCP_SECOND_OPINION=whole` judges all.</summary>
public class VerdictTests(ITestOutputHelper output)
{
    private const int OneIn = 4;
    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("FCP_SECOND_OPINION") == "whole";

    [Fact]
    public void Our_samples() => Compare("samples", Given.Samples, [Given.Cpa], [], whole: true);

    [SharedFact]
    public void The_official_examples() => Compare("official", Directory.EnumerateFiles(SharedData.Folder("data/examples/json")!, "*.json")
        .Order(StringComparer.Ordinal).Select(f => new SuiteCase(Path.GetFileName(f), () => File.ReadAllBytes(f), [])), [], []);

    [SharedFact]
    public void The_examples_of_the_international_patient_summary() => Compare("ips",
        Given.Lines("data/packages/ips-2.0.0/examples.ndjson.gz")
            .Files.Select(f => new SuiteCase($"{f.ResourceType}/{f.Id}", f.Utf8.ToArray, [])),
        [
            Given.Lines("data/packages/extensions-r4-5.3.0/StructureDefinition.ndjson.gz"),
            Given.Lines("data/packages/ips-2.0.0/StructureDefinition.ndjson.gz"), Given.Lines("data/packages/ips-2.0.0/ValueSet.ndjson.gz"),
        ], [Given.R4Profiles]);

    [SharedFact]
    public void The_examples_of_UK_Core() => Compare("ukcore", File.ReadLines(SharedData.Folder("data/ukcore/index.ndjson")!)
        .Select(line => JsonDocument.Parse(line).RootElement)
        .Select(e =>
            new SuiteCase(e.GetProperty("file")
            .GetString()!, () => File.ReadAllBytes(SharedData.Folder($"data/ukcore/{e.GetProperty("file").GetString()}")!),
            [.. e.GetProperty("profile").EnumerateArray().Select(p => p.GetString()!)])),
        [
            Given.Lines("data/packages/extensions-r4-5.3.0/StructureDefinition.ndjson.gz"),
            .. new[] { "codesystems", "valuesets", "structuredefinitions" }.Select(l => Given.Lines($"data/ukcore/{l}.ndjson.gz")),
        ], [Given.R4Profiles]);

    /// <param name="packages">What both engines know over base R4.</param>
    /// <param name="onlyOurs">What Firely brings along and we do not.</param>
    private void Compare(string suite, IEnumerable<SuiteCase> all, FhirPackage[] packages, FhirPackage[] onlyOurs, bool whole = false)
    {
        var known = KnownDifferences.Read("verdicts.json");
        var listed = known.Differences.Where(d => d.Suite == suite).Select(d => d.Name).ToHashSet();
        var every = all.ToList();
        Assert.Equal([], listed.Except(every.Select(c => c.Name)));
        var cases = whole || IsWhole ? every : [.. every.Where((c, i) => i % OneIn == 0 || listed.Contains(c.Name))];
        var ours = new Validator(onlyOurs.Concat(packages)
            .Aggregate(DefinitionSet.Base, (set, p) => set.With(p, new Report())), TimeProvider.System);
        var theirs = new FirelyJudge(packages is [var only] && only == Given.Cpa ? Given.CpaByFirely() : new FirelyDefinitions(packages));

        var found = new List<KnownDifference>();
        foreach (var asked in cases)
        {
            var json = asked.Json();
            var report = new Report();
            using var document = ResourceReader.Read(json, null, report);
            if (document != null) ours.Validate(document, asked.Profiles, report);
            if (Difference.Between(report.Issues, theirs.Judge(json, asked.Profiles)) is { } difference)
                found.Add(new(suite, asked.Name, difference.Ours, difference.Theirs));
        }
        output.WriteLine($"{suite}: {cases.Count} of {every.Count} judged by both engines, {found.Count} differ, all of them listed with a reason");
        known.Compare(suite, found, cases.Select(c => c.Name).ToHashSet());
    }
}
