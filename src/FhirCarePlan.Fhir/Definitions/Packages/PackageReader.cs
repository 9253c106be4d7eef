using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Packages;

/// <summary>Reads packages as they are kept: a folder, a `.tgz`, or lists of one resource a line.</summary>
public static class PackageReader
{
    private const long FileBytes = 64 << 20;

    /// <summary>Reads the things people call a package: a `.tgz`, a folder, a list with one resource a line, or a single
    /// resource.</summary>
    public static FhirPackage FromPath(string path, Report report)
    {
        try
        {
            if (Directory.Exists(path)) return FromTree(path, report);
            if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            {
                var files = new List<PackageFile>();
                Add(files, Path.GetFileName(path), File.ReadAllBytes(path), report);
                return FhirPackage.Of(path, files);
            }
            if (IsList(path)) return FromLines(path, report) with { Name = path };
            using var file = File.OpenRead(path);
            return FromTgz(file, Path.GetFileName(path), report);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Problem(report, $"`{Path.GetFileName(path)}` cannot be read: it is incomplete or damaged");
            return FhirPackage.Of(path, []);
        }
    }

    /// <summary>All definitions in a folder and below, single ones and lists, in order of their paths. JSON that is not a resource is
    /// skipped with a warning.</summary>
    public static FhirPackage FromTree(string folder, Report report)
    {
        var files = new List<PackageFile>();
        byte[]? manifest = null;
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, path);
            if (name is "package.json" or "package/package.json") manifest = File.ReadAllBytes(path);
            else if (IsList(path)) files.AddRange(Lines(path, IssueSeverity.Warning, report));
            else if (!path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
                || Path.GetFileName(path) is "package.json" or ".index.json") continue;
            else if (PackageFile.Peek(name, File.ReadAllBytes(path)) is { } file) files.Add(file);
            else report.Add(new Issue(IssueSeverity.Warning, IssueType.Invalid, "",
                $"`{name}` is not a FHIR resource in JSON")
            { Key = "package" });
        }
        return manifest == null ? FhirPackage.Of(folder, files) : Package(folder, manifest, files, report);
    }

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
                    Problem(report, $"`{entry.Name}` of `{name}` has {entry.Length} bytes; it must have at most {FileBytes}");
                    continue;
                }
                var bytes = new byte[entry.Length];
                entry.DataStream.ReadExactly(bytes);
                if (entry.Name == "package/package.json") manifest = bytes;
                else Add(files, entry.Name["package/".Length..], bytes, report);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException)
        {
            Problem(report, $"`{name}` is not a package: it is incomplete or damaged");
        }
        return Package(name, manifest, files, report);
    }

    /// <summary>One resource a line, plain or gzip.</summary>
    public static FhirPackage FromLines(string path, Report report) =>
        FhirPackage.Of(Path.GetFileName(path), Lines(path, IssueSeverity.Error, report));

    /// <param name="ifNone">How bad it is if lines are not resources; it is said once.</param>
    private static List<PackageFile> Lines(string path, IssueSeverity ifNone, Report report)
    {
        var files = new List<PackageFile>();
        using Stream file = File.OpenRead(path);
        using var text = new StreamReader(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(file, CompressionMode.Decompress) : file);
        int others = 0, first = 0;
        for (var line = 1; text.ReadLine() is { } json; line++)
            if (string.IsNullOrWhiteSpace(json)) continue;
            else if (PackageFile.Peek($"{Path.GetFileName(path)}:{line}", System.Text.Encoding.UTF8.GetBytes(json)) is { } resource)
                files.Add(resource);
            else if (others++ == 0) first = line;
        if (others > 0)
            report.Add(new Issue(ifNone, IssueType.Invalid, "",
                $"`{Path.GetFileName(path)}:{first}` {(others == 1 ? "is" : $"and {others - 1} more lines are")} not a FHIR resource in "
                + $"JSON")
            { Key = "package" });
        return files;
    }

    private static bool IsList(string path) =>
        path.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".ndjson.gz", StringComparison.OrdinalIgnoreCase);

    private static bool IsResource(string name) =>
        name.StartsWith("package/", StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal)
        && name.IndexOf('/', "package/".Length) < 0 && !name.EndsWith(".index.json", StringComparison.Ordinal);

    private static void Add(List<PackageFile> files, string source, byte[] utf8, Report report)
    {
        if (PackageFile.Peek(source, utf8) is { } file) files.Add(file);
        else if (IsJson(utf8))
            report.Add(new Issue(IssueSeverity.Information, IssueType.Invalid, "",
            $"`{source}` is not a FHIR resource")
            { Key = "package" });
        else Problem(report, $"`{source}` is not a FHIR resource in JSON");
    }

    /// <summary>Packages hold other JSON too, such as what their publisher's tools need.</summary>
    private static bool IsJson(byte[] utf8)
    {
        try
        {
            var json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 512 });
            while (json.Read()) { }
            return utf8.Length > 0;
        }
        catch (JsonException)
        {
            return false;
        }
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
        json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static void Problem(Report report, string text) =>
        report.Add(new Issue(IssueSeverity.Error, IssueType.Invalid, "", text) { Key = "package" });
}
