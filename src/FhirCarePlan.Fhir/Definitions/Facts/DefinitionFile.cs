using System.IO.Compression;
using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions.Facts;

/// <summary>The official definitions of one resource type: gzip, one JSON document a line.</summary>
internal static class DefinitionFile
{
    public static List<JsonElement> Read(string folder, string type)
    {
        using var text =
            new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, type + ".ndjson.gz")), CompressionMode.Decompress));
        var all = new List<JsonElement>();
        while (text.ReadLine() is { } line)
            if (line.Length > 0) all.Add(JsonDocument.Parse(line).RootElement);
        return all;
    }

    /// <summary>Null when the property is absent.</summary>
    public static string? Text(this JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    public static bool True(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>The items of an array; none when the property is absent.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? value.EnumerateArray() : [];

    /// <summary>The texts of an array; none when the property is absent.</summary>
    public static IEnumerable<string> Texts(this JsonElement json, string name) => json.Items(name).Select(v => v.GetString()!);
}
