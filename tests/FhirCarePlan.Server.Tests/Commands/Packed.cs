using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using FhirCarePlan.Fhir.Tests;
using FhirCarePlan.Server.Interactions;

namespace FhirCarePlan.Server.Tests.Commands;

/// <summary>FHIR packages as registries serve them, made from lists of resources.</summary>
internal static class Packed
{
    /// <summary>HL7's extensions package, from the outside data.</summary>
    public static string Extensions(string folder) =>
        Of(folder, "hl7.fhir.uv.extensions.r4", "5.3.0-ballot-tc1", [], Lists("data/packages/extensions-r4-5.3.0"));

    /// <summary>The international patient summary, from the outside data, without its examples.</summary>
    public static string Ips(string folder) => Of(folder, "hl7.fhir.uv.ips", "2.0.0", ["hl7.fhir.r4.core", "hl7.fhir.uv.extensions.r4"],
        [.. Lists("data/packages/ips-2.0.0")
            .Where(f => !f.EndsWith("examples.ndjson.gz", StringComparison.Ordinal)
            && !f.EndsWith("/Bundle.ndjson.gz", StringComparison.Ordinal))]);

    public static string[] Lists(string path) =>
        [.. Directory.EnumerateFiles(SharedData.Folder(path)!, "*.ndjson.gz").Order(StringComparer.Ordinal)];

    /// <returns>Full path of the `.tgz` in the folder.</returns>
    public static string Of(string folder, string name, string version, string[] dependencies, IEnumerable<string> lists) =>
        Write(folder, name, version, dependencies, lists.SelectMany(Read).Select((json, i) => ($"{i}.json", json)));

    public static string Write(string folder, string name, string version, string[] dependencies,
        IEnumerable<(string Name, string Json)> resources)
    {
        var path = Path.Combine(folder, $"{name}-{version}.tgz");
        using var file = File.Create(path);
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(gzip);
        Add("package.json", JsonSerializer.Serialize(new { name, version, dependencies = dependencies.ToDictionary(d => d, _ => "any") }));
        foreach (var (entry, json) in resources) Add(entry, json);
        return path;

        void Add(string entry, string text) =>
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "package/"
                + entry)
            { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
    }

    public static IEnumerable<string> Read(string list)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(list), CompressionMode.Decompress));
        while (text.ReadLine() is { } line)
            if (line.Length > 0) yield return line;
    }
}
