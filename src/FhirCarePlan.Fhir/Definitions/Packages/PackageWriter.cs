using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions.Packages;

/// <summary>Writes a package as registries serve it: `package/package.json`, `package/.index.json`, the resources beside them, and examples
/// with an index of their own in `package/example/`. The same package gives the same bytes. https://hl7.org/fhir/packages.html</summary>
public static class PackageWriter
{
    /// <summary>Every entry bears this day, so that nothing depends on when or where the file was made.</summary>
    private static readonly DateTimeOffset AnyDay = new(1985, 10, 26, 8, 15, 0, TimeSpan.Zero);

    internal static JsonSerializerOptions Readable { get; } = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Written = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] ToTgz(FhirPackage package)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.SmallestSize))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Ustar))
        {
            Add(tar, "package.json", package.Manifest.IsEmpty ? Manifest(package) : package.Manifest);
            Add(tar, "", package.Files);
            if (package.Examples.Count > 0) Add(tar, "example/", package.Examples);
        }
        return bytes.ToArray();
    }

    private static void Add(TarWriter tar, string folder, IEnumerable<PackageFile> files)
    {
        PackageFile[] inOrder = [.. files.OrderBy(f => f.Source, StringComparer.Ordinal)];
        Add(tar, $"{folder}.index.json", Index(inOrder));
        foreach (var file in inOrder) Add(tar, $"{folder}{file.Source}", file.Utf8);
    }

    private static void Add(TarWriter tar, string name, ReadOnlyMemory<byte> content)
    {
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"package/{name}") { ModificationTime = AnyDay, DataStream = stream });
    }

    private static byte[] Manifest(FhirPackage package) => Json(json =>
    {
        json.WriteString("name", package.Name);
        json.WriteString("version", package.Version);
        json.WriteStartObject("dependencies");
        foreach (var (name, version) in package.Dependencies) json.WriteString(name, version);
        json.WriteEndObject();
    });

    private static byte[] Index(IEnumerable<PackageFile> files) => Json(json =>
    {
        json.WriteNumber("index-version", 2);
        json.WriteStartArray("files");
        foreach (var file in files) Add(json, file);
        json.WriteEndArray();
    });

    private static void Add(Utf8JsonWriter json, PackageFile file)
    {
        using var resource = JsonDocument.Parse(file.Utf8);
        json.WriteStartObject();
        json.WriteString("filename", file.Source);
        json.WriteString("resourceType", file.ResourceType);
        foreach (var name in (ReadOnlySpan<string>)["id", "url", "version", "kind", "type", "supplements", "content", "valueSet", "derivation"])
            if (resource.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
                json.WriteString(name, value.GetString());
        json.WriteEndObject();
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Written))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
