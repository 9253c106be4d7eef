using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Server.Tests.Guide;

/// <summary>The package as somebody else gets it.</summary>
public sealed class GuideDownloadTests(SampleServer server) : IClassFixture<SampleServer>
{
    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "samples");

    [Fact]
    public async Task Loaded_into_an_empty_engine_it_judges_every_sample_as_here()
    {
        var report = new Report();
        using var download = new MemoryStream(await server.Process.Anonymous.GetByteArrayAsync("profiles/cpa.tgz"));
        var package = PackageReader.FromTgz(download, "cpa.tgz", report);
        var validator = new Validator(DefinitionSet.Base.With(package, report), TimeProvider.System);
        Assert.Empty(report.Issues);
        Assert.Equal("cpa.fhir#0.1.0", package.ToString());

        var wrong = new List<string>();
        using var expectations = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Samples, "expectations.json")));
        foreach (var sample in expectations.RootElement.EnumerateArray())
        {
            var file = sample.GetProperty("file").GetString()!;
            var found = Errors(validator, file, sample.GetProperty("profile").GetString()!);
            var expected = sample.GetProperty("expect").EnumerateArray().Where(e => e.GetProperty("severity").GetString() == "error")
                .Select(e => $"{e.GetProperty("key")} {e.GetProperty("expression")}").Order();
            if (!expected.SequenceEqual(found)) wrong.Add($"{file}: {string.Join(", ", found)}");
        }
        Assert.Equal([], wrong);
    }

    private static List<string> Errors(Validator validator, string file, string profile)
    {
        var report = new Report();
        using var document = JsonParser.Parse(File.ReadAllBytes(Path.Combine(Samples, file)), report)!;
        validator.Validate(document, [profile], report);
        return [.. report.Issues.Where(i => i.IsError).Select(i => $"{i.Key} {i.Expression}").Order()];
    }
}
