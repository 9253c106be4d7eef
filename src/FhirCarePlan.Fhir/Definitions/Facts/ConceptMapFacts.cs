using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions.Facts;

/// <summary>One line for each concept map of R4: a ConceptMap with its groups, without prose. https://hl7.org/fhir/R4/conceptmap.html</summary>
internal static class ConceptMapFacts
{
    private static readonly HashSet<string> Kept = new(StringComparer.Ordinal)
    {
        "resourceType", "id", "url", "version", "name", "title", "status", "sourceUri", "sourceCanonical", "targetUri", "targetCanonical", "group",
    };

    public static void Write(List<JsonElement> definitions, FactLines lines)
    {
        foreach (var map in definitions.OrderBy(d => d.Text("url"), StringComparer.Ordinal))
            lines.Add(json =>
            {
                json.WriteStartObject();
                json.WriteString("map", map.Text("url"));
                json.WriteStartObject("definition");
                foreach (var property in map.EnumerateObject())
                    if (Kept.Contains(property.Name)) property.WriteTo(json);
                json.WriteEndObject();
                json.WriteEndObject();
            });
    }
}
