using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Definitions.Packages;

public class PackageReaderTests
{
    [Fact]
    public void Our_own_package_is_a_folder()
    {
        var report = new Report();
        var package = PackageReader.FromFolder(Path.Combine(SharedData.Repository, "profiles"), report);
        Assert.Empty(report.Issues);
        Assert.Equal("cpa.fhir", package.Name);
        Assert.Contains(package.Files,
            f => f is { ResourceType: "StructureDefinition", Url: "https://fhir.cpa.example/StructureDefinition/CPA-CarePlan" });
        Assert.DoesNotContain(package.Files, f => f.Source.Contains("sharing"));
    }

    [Fact]
    public void A_tgz_holds_its_files_below_package()
    {
        var report = new Report();
        var package = PackageReader.FromTgz(Tgz(
            ("package/package.json", """{"name":"some.package","version":"1.2.3","dependencies":{"hl7.fhir.r4.core":"4.0.1"}}"""),
            ("package/ValueSet-a.json", """{"resourceType":"ValueSet","url":"http://a.example/vs","status":"active"}"""),
            ("package/.index.json", """{"files":[]}"""),
            ("package/example/Patient-a.json", """{"resourceType":"Patient"}"""),
            ("other/x.json", "{}")), "some.tgz", report);
        Assert.Empty(report.Issues);
        Assert.Equal("some.package#1.2.3", package.ToString());
        Assert.Equal("4.0.1", package.Dependencies["hl7.fhir.r4.core"]);
        Assert.Equal(["http://a.example/vs"], package.Files.Select(f => f.Url));
    }

    [Fact]
    public void A_damaged_tgz_is_reported()
    {
        var report = new Report();
        var whole = Tgz(("package/ValueSet-a.json", new string(' ', 100_000) + """{"resourceType":"ValueSet"}""")).ToArray();
        PackageReader.FromTgz(new MemoryStream(whole[..(whole.Length / 2)]), "half.tgz", report);
        PackageReader.FromTgz(new MemoryStream("not gzip at all"u8.ToArray()), "none.tgz", report);
        Assert.Equal(2, report.Issues.Count(i => i is { IsError: true, Key: "package" }));
    }

    [Fact]
    public void What_is_no_resource_is_reported_by_name()
    {
        var report = new Report();
        PackageReader.FromTgz(Tgz(("package/a.json", "{"), ("package/b.json", "[]"), ("package/c.json", """{"resourceType":"Patient"}""")),
            "x", report);
        Assert.Equal(2, report.Issues.Count);
        Assert.Contains("`a.json`", report.Issues[0].Text);
    }

    private static MemoryStream Tgz(params (string Name, string Text)[] files)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.NoCompression, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
            foreach (var (name, text) in files)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile,
                    name)
                { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        bytes.Position = 0;
        return bytes;
    }
}
