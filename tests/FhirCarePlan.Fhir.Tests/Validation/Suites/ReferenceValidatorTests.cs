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
    [InlineData("T2")]
    public void Agrees_but_for_what_is_known(string tier)
    {
        var (count, overStrict, disagree) = RunAll(tier);
        output.WriteLine($"{tier}: {count - disagree.Count} of {count} agree, {overStrict} over-strict");
        foreach (var (name, what) in disagree) output.WriteLine($"{name}: {what}");
        Assert.Equal(Known.Read($"reference-validator-{tier}.json").Keys, disagree.Keys);
    }

    /// <summary>Rules of one validator only, codes that a terminology server knows, cases in doubt: for information.</summary>
    [SharedTheory]
    [InlineData("T3")]
    [InlineData("tx")]
    [InlineData("unsure")]
    public void Ends_in_a_verdict(string tier)
    {
        var (count, overStrict, disagree) = RunAll(tier);
        output.WriteLine($"{tier}: {count - disagree.Count} of {count} agree, {overStrict} over-strict");
        foreach (var (name, what) in disagree) output.WriteLine($"{name}: {what}");
        Assert.NotEqual(0, count);
    }

    private static (int Count, int OverStrict, SortedDictionary<string, string> Disagree) RunAll(string tier)
    {
        var folder = SharedData.Folder("data/validator")!;
        var disagree = new SortedDictionary<string, string>(StringComparer.Ordinal);
        int count = 0, overStrict = 0;
        foreach (var line in File.ReadLines(Path.Combine(folder, "cases.ndjson")))
        {
            var test = JsonDocument.Parse(line).RootElement;
            if (test.GetProperty("tier").GetString() != tier) continue;
            count++;
            var report = Run(test, folder);
            var valid = test.GetProperty("expect").GetProperty("valid").GetBoolean();
            if (valid == !report.HasErrors) continue;
            if (valid) overStrict++;
            disagree[test.GetProperty("id").GetString()!] = (valid ? "over-strict: " : "missed: ")
                + string.Join("; ", report.Errors().Take(3));
        }
        return (count, overStrict, disagree);
    }

    private static Report Run(JsonElement test, string folder)
    {
        var report = new Report();
        var supporting = test.GetProperty("supportingJson").EnumerateArray().Select(s => s.GetString()).OfType<string>().Distinct()
            .Select(s => PackageFile.Peek(s, File.ReadAllBytes(Path.Combine(folder, s)))).OfType<PackageFile>();
        var set = Outside.R4WithProfiles.With(FhirPackage.Of("case", supporting), new Report());
        // As it was written: XML that could not be made JSON is there too.
        var file = Path.Combine(folder, test.GetProperty("file").GetString()!);
        var bytes = File.ReadAllBytes(file);
        using var document = file.EndsWith(".xml", StringComparison.Ordinal)
            ? XmlParser.Parse(bytes, report) : JsonParser.Parse(bytes, report);
        // The reference refuses extensions it does not know; cases that name a missing package cannot run here.
        var options = new ValidateOptions { UnknownExtensionIsError = test.GetProperty("packages").GetArrayLength() == 0 };
        if (document != null)
            new Validator(set, TimeProvider.System)
            .Validate(document, test.GetProperty("profile").GetString() is { } profile ? [profile] : [], report, options);
        return report;
    }
}
