using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Definitions.Published;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests.Guide;
using FhirCarePlan.Fhir.Tests.Validation;
using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Fhir.Tests.Definitions.Published;

/// <summary>The package of this repository as registries would serve it. https://hl7.org/fhir/packages.html</summary>
public class PublishedPackageTests
{
    private static readonly FhirPackage Published = PublishedPackage.Of(Check.Cpa.Package,
        Sample.All.Where(s => s.IsValid).Select((s, i) => new PackageExample($"example-{i}", s.Profile, "shows it", s.Json)));
    private static readonly byte[] Tgz = PackageWriter.ToTgz(Published);
    private static readonly SortedDictionary<string, byte[]> Entries = Unpack(Tgz);

    [Fact]
    public void Two_times_the_same_gives_the_same_bytes() => Assert.Equal(Tgz, PackageWriter.ToTgz(Published));

    [Fact]
    public void Each_folder_has_an_index_of_its_files_and_the_manifest_names_the_folders()
    {
        using var manifest = JsonDocument.Parse(Entries["package/package.json"]);
        Assert.Equal("package example", $"{manifest.RootElement.GetProperty("directories").GetProperty("lib")} {manifest.RootElement.GetProperty("directories").GetProperty("example")}");
        foreach (var folder in new[] { "package/", "package/example/" })
        {
            var there = Entries.Keys.Where(k => k.StartsWith(folder, StringComparison.Ordinal) && !k[folder.Length..].Contains('/')
                && k[folder.Length..] is not (".index.json" or "package.json"));
            using var index = JsonDocument.Parse(Entries[folder + ".index.json"]);
            Assert.Equal(2, index.RootElement.GetProperty("index-version").GetInt32());
            var files = index.RootElement.GetProperty("files").EnumerateArray().ToList();
            Assert.Equal(there.Select(k => k[folder.Length..]), files.Select(f => f.GetProperty("filename").GetString()!).Order(StringComparer.Ordinal));
            Assert.All(files, f => Assert.Equal(Says(Entries[folder + f.GetProperty("filename").GetString()]), Says(f)));
        }
    }

    /// <summary>What an index repeats of a resource.</summary>
    private static string Says(byte[] resource)
    {
        using var json = JsonDocument.Parse(resource);
        return Says(json.RootElement);
    }

    private static string Says(JsonElement of) => string.Join(' ', new[] { "resourceType", "id", "url", "version", "kind", "type", "supplements", "content", "valueSet", "derivation" }
        .Select(name => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? $"{name}={value.GetString()}" : ""));

    [Fact]
    public void Every_structure_has_a_snapshot_beside_its_differential_and_is_valid_R4()
    {
        var structures = Entries.Where(e => e.Key.StartsWith("package/StructureDefinition-", StringComparison.Ordinal)).ToList();
        Assert.Equal(Check.Cpa.Package.Files.Count(f => f.ResourceType == "StructureDefinition"), structures.Count);
        Assert.All(structures, structure =>
        {
            using var json = JsonDocument.Parse(structure.Value);
            var (whole, own) = (Ids(json, "snapshot"), Ids(json, "differential"));
            Assert.Equal([], own.Except(whole));
            Assert.True(whole.Count > own.Count, structure.Key);
            Assert.Equal([], Check.Base(Encoding.UTF8.GetString(structure.Value)).Errors());
        });
    }

    private static HashSet<string> Ids(JsonDocument structure, string form) =>
        [.. structure.RootElement.GetProperty(form).GetProperty("element").EnumerateArray().Select(e => e.GetProperty("id").GetString()!)];

    [Fact]
    public void The_guide_lists_every_file_of_the_package_and_of_the_examples()
    {
        using var guide = JsonDocument.Parse(Entries["package/ImplementationGuide-cpa.fhir.json"]);
        var definition = guide.RootElement.GetProperty("definition");
        var groups = definition.GetProperty("grouping").EnumerateArray().Select(g => g.GetProperty("id").GetString()).ToHashSet();
        var resources = definition.GetProperty("resource").EnumerateArray().ToList();
        Assert.All(resources, r => Assert.Contains(r.GetProperty("groupingId").GetString(), groups));
        Assert.Equal(Published.Files.Concat(Published.Examples).Select(f => $"{f.ResourceType}/{f.Id}").Where(r => r != "ImplementationGuide/cpa.fhir").Order(),
            resources.Select(r => r.GetProperty("reference").GetProperty("reference").GetString()!).Order());
        Assert.Equal([], Check.Base(Encoding.UTF8.GetString(Entries["package/ImplementationGuide-cpa.fhir.json"])).Errors());
    }

    [Fact]
    public void Every_example_is_valid_by_the_profile_that_it_is_listed_for()
    {
        var report = new Report();
        var validator = new Validator(DefinitionSet.Base.With(PackageReader.FromTgz(new MemoryStream(Tgz), "cpa.tgz", report), report), Check.Clock);
        Assert.Equal([], report.Issues.Select(i => i.Text));
        using var guide = JsonDocument.Parse(Entries["package/ImplementationGuide-cpa.fhir.json"]);
        var examples = guide.RootElement.GetProperty("definition").GetProperty("resource").EnumerateArray().Where(r => r.TryGetProperty("exampleCanonical", out _)).ToList();
        Assert.Equal(Sample.All.Count(s => s.IsValid), examples.Count);
        Assert.All(examples, e => Assert.Equal([], Check.With(validator,
            Encoding.UTF8.GetString(Entries[$"package/example/{e.GetProperty("reference").GetProperty("reference").GetString()!.Replace('/', '-')}.json"]),
            [e.GetProperty("exampleCanonical").GetString()!]).Errors()));
    }

    private static SortedDictionary<string, byte[]> Unpack(byte[] tgz)
    {
        var entries = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        using var tar = new TarReader(new GZipStream(new MemoryStream(tgz), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            var bytes = new byte[entry.Length];
            entry.DataStream?.ReadExactly(bytes);
            entries.Add(entry.Name, bytes);
        }
        return entries;
    }
}
