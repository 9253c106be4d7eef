using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Server.Units;

/// <summary>The `meta` of a version about to be stored: version and time are the server's; profiles, labels and tags are the caller's.
/// https://hl7.org/fhir/R4/resource.html#Meta</summary>
public static class Meta
{
    public static byte[] Of(Node resource, string versionId, DateTimeOffset lastUpdated, IReadOnlyList<Label> keptLabels)
    {
        var meta = resource["meta"];
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer,
            new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
        {
            json.WriteStartObject();
            WriteAll(json, meta, "extension");
            json.WriteString("versionId", versionId);
            json.WriteString("lastUpdated", Instant.Text(lastUpdated));
            if (meta.TextOf("source") is { } source) json.WriteString("source", source);
            WriteProfiles(json, meta);
            WriteLabels(json, meta, keptLabels);
            WriteAll(json, meta, "tag");
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteProfiles(Utf8JsonWriter json, Node meta)
    {
        if (meta["profile"].IsMissing) return;
        json.WriteStartArray("profile");
        foreach (var profile in meta.All("profile")) json.WriteStringValue(profile.Text);
        json.WriteEndArray();
    }

    private static void WriteLabels(Utf8JsonWriter json, Node meta, IReadOnlyList<Label> kept)
    {
        if (kept.Count == 0)
        {
            WriteAll(json, meta, "security");
            return;
        }
        json.WriteStartArray("security");
        foreach (var label in meta.All("security"))
            if (!Marks.IsMark(label)) Raw(json, label);
        foreach (var label in kept)
        {
            json.WriteStartObject();
            if (label.System != null) json.WriteString("system", label.System);
            json.WriteString("code", label.Code);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteAll(Utf8JsonWriter json, Node meta, string name)
    {
        var isOpen = false;
        foreach (var node in meta.All(name))
        {
            if (Marks.IsMark(node)) continue;
            if (!isOpen) json.WriteStartArray(name);
            isOpen = true;
            Raw(json, node);
        }
        if (isOpen) json.WriteEndArray();
    }

    private static void Raw(Utf8JsonWriter json, Node node)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        CanonicalJson.Write(node, buffer);
        json.WriteRawValue(buffer.WrittenSpan, skipInputValidation: true);
    }
}
