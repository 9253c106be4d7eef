using System.Buffers;
using System.Text.Json;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Profiles;

/// <summary>Repeats parts of a definition as they were written, without reading them into anything.</summary>
internal static class PropertyCopy
{
    /// <summary>All levels that stated an element, the nearest first.</summary>
    public static IEnumerable<Node> Sources(ElementDefinition definition) =>
        definition.Source.IsMissing ? definition.Older : definition.Older.Prepend(definition.Source);

    /// <summary>False when no level has the property.</summary>
    public static bool WriteNearest(ElementDefinition definition, string name, Utf8JsonWriter json)
    {
        foreach (var source in Sources(definition))
            if (Write(source, name, json)) return true;
        return false;
    }

    /// <summary>The property with its name, and `_name` where there is one; false, and nothing written, when the node has none.</summary>
    public static bool Write(Node parent, string name, Utf8JsonWriter json)
    {
        if (parent.IsMissing || parent[name].IsMissing) return false;
        var own = new ArrayBufferWriter<byte>();
        CanonicalJson.Write(parent, own, new WriteOptions { Skip = node => node.Name != name && node.Parent == parent });
        if (own.WrittenCount == 0) return false;
        using var document = JsonDocument.Parse(own.WrittenMemory, new JsonDocumentOptions { MaxDepth = 512 });
        var any = false;
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.NameEquals("resourceType")) continue;
            json.WritePropertyName(property.Name);
            json.WriteRawValue(property.Value.GetRawText(), skipInputValidation: true);
            any = true;
        }
        return any;
    }

    /// <summary>The node itself as a value.</summary>
    public static void WriteWhole(Node node, Utf8JsonWriter json)
    {
        var own = new ArrayBufferWriter<byte>();
        CanonicalJson.Write(node, own);
        json.WriteRawValue(own.WrittenSpan, skipInputValidation: true);
    }
}
