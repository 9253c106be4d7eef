using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions.Many;

/// <summary>Gathers profiles, labels and tags of many resources, each once, as Parameters with a `valueMeta`. The marks of views are no tags
/// of anything stored. https://hl7.org/fhir/R4/resource-operation-meta.html</summary>
internal sealed class MetaJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly SortedDictionary<string, byte[]> profiles = new(StringComparer.Ordinal), labels = new(StringComparer.Ordinal), tags = new(StringComparer.Ordinal);
    private readonly HashSet<(string System, string Code)> known = [];

    /// <summary>Something of this system and code, or this profile (with no system), is among them; codes without case, as they are indexed.</summary>
    public bool Has(string system, string code) => known.Contains((system, code));

    public void Add(Node meta)
    {
        foreach (var profile in meta.All("profile"))
            if (profile.Text is { } url && profiles.TryAdd(url, Bytes(profile))) known.Add(("", url));
        foreach (var (name, all) in new[] { ("security", labels), ("tag", tags) })
            foreach (var coding in meta.All(name))
                if (!Marks.IsMark(coding) && (coding.TextOf("system") ?? "") is var system && (coding.TextOf("code") ?? "") is var code && all.TryAdd($"{system}|{code}", Bytes(coding)))
                    known.Add((system, code.ToLowerInvariant()));
    }

    public byte[] Done() => Parameters(json =>
    {
        json.WriteStartObject();
        foreach (var (name, all) in new[] { ("profile", profiles), ("security", labels), ("tag", tags) })
        {
            if (all.Count == 0) continue;
            json.WriteStartArray(name);
            foreach (var (_, value) in all) json.WriteRawValue(value, skipInputValidation: true);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    });

    /// <summary>The `meta` of one resource, as it is.</summary>
    public static byte[] Of(Node meta) => Parameters(json =>
    {
        if (meta.IsMissing) json.WriteRawValue("{}");
        else json.WriteRawValue(Bytes(meta), skipInputValidation: true);
    });

    private static byte[] Parameters(Action<Utf8JsonWriter> meta)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("resourceType", "Parameters");
            json.WriteStartArray("parameter");
            json.WriteStartObject();
            json.WriteString("name", "return");
            json.WritePropertyName("valueMeta");
            meta(json);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Bytes(Node node)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        CanonicalJson.Write(node, buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
