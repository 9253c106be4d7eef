using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions.Packages;

/// <summary>Conformance resources that are published together, kept as bytes: a resource is parsed only when it is used.
/// https://hl7.org/fhir/R4/packages.html</summary>
/// <param name="Dependencies">Names of other packages with the version wanted.</param>
public sealed record FhirPackage(string Name, string Version, IReadOnlyDictionary<string, string> Dependencies,
    IReadOnlyList<PackageFile> Files)
{
    /// <summary>Its `package.json` as it came; empty when it came without one.</summary>
    public ReadOnlyMemory<byte> Manifest { get; init; }

    /// <summary>Resources that show the definitions at work. A reader leaves them where they are.</summary>
    public IReadOnlyList<PackageFile> Examples { get; init; } = [];

    public static FhirPackage Of(string name, IEnumerable<PackageFile> files) =>
        new(name, "", new Dictionary<string, string>(), [.. files]);

    public override string ToString() => Version.Length == 0 ? Name : $"{Name}#{Version}";
}

/// <summary>One resource of a package.</summary>
/// <param name="Source">Where it came from, for messages: a file's name, or the line of a list.</param>
public sealed record PackageFile(string ResourceType, string? Url, string? Version, string? Id, string Source, ReadOnlyMemory<byte> Utf8)
{
    /// <summary>Null when the bytes are not a resource.</summary>
    public static PackageFile? Peek(string source, ReadOnlyMemory<byte> utf8)
    {
        string? type = null, url = null, version = null, id = null;
        try
        {
            var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = 512 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName
                && (type == null || url == null || version == null || id == null))
            {
                var name = reader.GetString();
                reader.Read();
                var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                if (name == "resourceType") type = text;
                else if (name == "url") url = text;
                else if (name == "version") version = text;
                else if (name == "id") id = text;
                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string that is not Unicode.
            return null;
        }
        return type == null ? null : new PackageFile(type, url, version, id, source, utf8);
    }
}
