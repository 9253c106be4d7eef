using System.Formats.Tar;
using System.IO.Compression;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Definitions.Published;
using FhirCarePlan.Fhir.Model;
using Hl7.Fhir.Model;
using Hl7.Fhir.Specification.Source;

namespace FhirCarePlan.SecondOpinion.Tests;

/// <summary>The package as it is published, in Firely's hands: it judges by the snapshots that we wrote.</summary>
public sealed class PublishedPackageTests : IDisposable
{
    private static readonly byte[] Tgz = PackageWriter.ToTgz(PublishedPackage.Of(Given.Cpa, []));
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("cpa-package-");

    public PublishedPackageTests()
    {
        using var gzip = new GZipStream(new MemoryStream(Tgz), CompressionMode.Decompress);
        TarFile.ExtractToDirectory(gzip, folder.FullName, overwriteFiles: false);
    }

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Firely_finds_every_definition_in_the_unpacked_folder()
    {
        var source = new DirectorySource(Path.Combine(folder.FullName, "package"));
        Assert.Empty(source.ListSummaryErrors());
        foreach (var file in Given.Cpa.Files.Where(f => f.Url != null))
        {
            var found = source.ResolveByCanonicalUri(file.Url!);
            Assert.Equal($"{file.ResourceType}/{file.Id}", $"{found?.TypeName}/{found?.Id}");
            if (found is StructureDefinition structure) Assert.True(structure.HasSnapshot, file.Url);
        }
    }

    /// <summary>A right and a wrong sample of each profile. Firely makes no snapshot where one is published.</summary>
    [Fact]
    public void Firely_judges_the_samples_by_it_as_by_the_differentials()
    {
        var report = new Report();
        var before = new FirelyJudge(Given.CpaByFirely());
        var now = new FirelyJudge(new FirelyDefinitions(PackageReader.FromTgz(new MemoryStream(Tgz), "cpa.tgz", report)));
        Assert.Empty(report.Issues);
        var samples = Given.Samples.GroupBy(s => (s.Profiles[0], s.Name.StartsWith("invalid", StringComparison.Ordinal))).Select(g => g.First()).ToList();
        Assert.True(samples.Count > 60, $"{samples.Count} samples");
        var different = samples.Select(s => (s.Name, Before: Lines(before, s), Now: Lines(now, s))).Where(s => s.Before != s.Now)
            .Select(s => $"{s.Name}\n  before {s.Before}\n  now    {s.Now}");
        Assert.Equal([], different);
    }

    private static string Lines(FirelyJudge judge, SuiteCase sample) =>
        string.Join(", ", judge.Judge(sample.Json(), sample.Profiles).Where(i => i.IsError).Select(i => $"{i.Key} {i.Expression}").Order());
}
