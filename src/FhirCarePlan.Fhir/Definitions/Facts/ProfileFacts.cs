using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions.Facts;

/// <summary>One line for each profile and extension of R4: a StructureDefinition with its differential, without prose.
/// https://hl7.org/fhir/R4/profilelist.html https://hl7.org/fhir/R4/extension-registry.html</summary>
internal static class ProfileFacts
{
    /// <summary>What the generator of snapshots and the validator read.</summary>
    private static readonly HashSet<string> OfStructure = new(StringComparer.Ordinal)
    {
        "resourceType", "id", "url", "version", "name", "status", "fhirVersion", "kind", "abstract", "contextInvariant", "type",
        "baseDefinition", "derivation",
    };

    /// <summary>Prose and references to other standards.</summary>
    private static readonly HashSet<string> NotOfElement = new(StringComparer.Ordinal)
    {
        "short", "definition", "comment", "requirements", "alias", "mapping", "example", "meaningWhenMissing", "orderMeaning",
        "label", "code", "condition", "description", "xpath", "comments", "source",
    };

    /// <summary>R4's own definitions use these extensions in places that their contexts do not name; HL7 has mended the contexts since.</summary>
    private static readonly Dictionary<string, string[]> MoreContexts = new()
    {
        ["http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"] = ["ElementDefinition.type"],
        ["http://hl7.org/fhir/StructureDefinition/structuredefinition-normative-version"] = ["MetadataResource", "ElementDefinition"],
        ["http://hl7.org/fhir/StructureDefinition/regex"] = ["ElementDefinition.type"],
        ["http://hl7.org/fhir/StructureDefinition/valueset-concept-comments"] = ["CodeSystem.concept"],
    };

    public static void Write(List<JsonElement> definitions, FactLines lines)
    {
        foreach (var profile in definitions.Where(d => d.Text("derivation") == "constraint").OrderBy(d => d.Text("url"), StringComparer.Ordinal))
            lines.Add(json =>
            {
                json.WriteStartObject();
                json.WriteString("profile", profile.Text("url"));
                json.WriteStartObject("definition");
                foreach (var property in profile.EnumerateObject())
                    if (property.Name == "context") WriteContexts(profile, json);
                    else if (OfStructure.Contains(property.Name)) property.WriteTo(json);
                json.WriteStartObject("differential");
                json.WriteStartArray("element");
                foreach (var element in profile.GetProperty("differential").Items("element")) WriteLean(element, json);
                json.WriteEndArray();
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndObject();
            });
    }

    private static void WriteContexts(JsonElement profile, Utf8JsonWriter json)
    {
        json.WriteStartArray("context");
        foreach (var context in profile.Items("context")) context.WriteTo(json);
        foreach (var expression in MoreContexts.GetValueOrDefault(profile.Text("url")!, []))
        {
            json.WriteStartObject();
            json.WriteString("type", "element");
            json.WriteString("expression", expression);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Fixed values and patterns stay whole: a `code` in them is what they ask for.</summary>
    private static void WriteLean(JsonElement value, Utf8JsonWriter json)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    if (IsProse(property.Name, value)) continue;
                    json.WritePropertyName(property.Name);
                    if (property.Name is ['f', 'i', 'x', 'e', 'd', ..] or ['p', 'a', 't', 't', 'e', 'r', 'n', ..]) property.Value.WriteTo(json);
                    else WriteLean(property.Value, json);
                }
                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray()) WriteLean(item, json);
                json.WriteEndArray();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    /// <summary>`code` is prose on an element (its meaning in LOINC) and a type's name in `type`.</summary>
    private static bool IsProse(string name, JsonElement of) =>
        NotOfElement.Contains(name) && !(name == "code" && !of.TryGetProperty("path", out _))
        // A slicing without discriminators says in words how its slices differ.
        && !(name == "description" && of.TryGetProperty("rules", out _) && !of.TryGetProperty("discriminator", out _));
}
