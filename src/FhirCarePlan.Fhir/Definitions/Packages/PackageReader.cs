using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Packages;

/// <summary>Reads packages as they are kept: a folder, a `.tgz`, or lists of one resource a line.</summary>
public static class PackageReader
{
    private const long FileBytes = 64 << 20;

    /// <summary>`package.json` and the resources beside it, in order of their names; folders below are not looked at.</summary>
    public static FhirPackage FromFolder(string folder, Report report)
    {
        var files = new List<PackageFile>();
        byte[]? manifest = null;
        foreach (var path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
            if (Path.GetFileName(path) == "package.json") manifest = File.ReadAllBytes(path);
            else Add(files, Path.GetFileName(path), File.ReadAllBytes(path), report);
        return Package(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), manifest, files, report);
    }

    /// <summary>A `.tgz` with everything under `package/`, as registries serve it.</summary>
    public static FhirPackage FromTgz(Stream tgz, string name, Report report)
    {
        var files = new List<PackageFile>();
        byte[]? manifest = null;
        using var gzip = new GZipStream(tgz, CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        try
        {
            while (tar.GetNextEntry() is { } entry)
            {
                if (entry.DataStream == null || !IsResource(entry.Name)) continue;
                if (entry.Length > FileBytes)
                {
                    Problem(report, $"`{entry.Name}` of `{name}` has {entry.Length} bytes, allowed are {FileBytes}");
                    continue;
                }
                var bytes = new byte[entry.Length];
                entry.DataStream.ReadExactly(bytes);
                if (entry.Name == "package/package.json") manifest = bytes;
                else Add(files, entry.Name["package/".Length..], bytes, report);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            Problem(report, $"`{name}` is not a package: it breaks off or is damaged");
        }
        return Package(name, manifest, files, report);
    }

    /// <summary>One resource a line, plain or gzip.</summary>
    public static FhirPackage FromLines(string path, Report report)
    {
        var files = new List<PackageFile>();
        using Stream file = File.OpenRead(path);
        using var text = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        for (var line = 1; text.ReadLine() is { } json; line++)
            if (json.Length > 0) Add(files, $"{Path.GetFileName(path)}:{line}", System.Text.Encoding.UTF8.GetBytes(json), report);
        return FhirPackage.Of(Path.GetFileName(path), files);
    }

    private static bool IsResource(string name) =>
        name.StartsWith("package/", StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal)
        && name.IndexOf('/', "package/".Length) < 0 && !name.EndsWith(".index.json", StringComparison.Ordinal);

    private static void Add(List<PackageFile> files, string source, byte[] utf8, Report report)
    {
        if (PackageFile.Peek(source, utf8) is { } file) files.Add(file);
        else Problem(report, $"`{source}` is not a FHIR resource in JSON");
    }

    private static FhirPackage Package(string name, byte[]? manifest, List<PackageFile> files, Report report)
    {
        if (manifest == null) return FhirPackage.Of(name, files);
        try
        {
            using var json = JsonDocument.Parse(manifest);
            var dependencies = new Dictionary<string, string>();
            if (json.RootElement.TryGetProperty("dependencies", out var wanted) && wanted.ValueKind == JsonValueKind.Object)
                foreach (var dependency in wanted.EnumerateObject()) dependencies[dependency.Name] = dependency.Value.ToString();
            return new FhirPackage(Text(json, "name") ?? name, Text(json, "version") ?? "", dependencies, files) { Manifest = manifest };
        }
        catch (JsonException)
        {
            Problem(report, $"`package.json` of `{name}` is not JSON");
            return FhirPackage.Of(name, files);
        }
    }

    private static string? Text(JsonDocument json, string name) =>
        json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static void Problem(Report report, string text) =>
        report.Add(new Issue(IssueSeverity.Error, IssueType.Invalid, "", text) { Key = "package" });
}
