namespace FhirCarePlan.Fhir.Definitions.Facts;

/// <summary>One line for each code system with what its codes mean: `["code","display",parent…]`, parents by their place in the list.
/// Validation needs none of it, so it stands apart from the lists of codes.</summary>
internal static class ConceptFacts
{
    public static void Write(Terminology terminology, FactLines lines)
    {
        foreach (var system in terminology.CodeSystems.Values.OrderBy(c => c.Url, StringComparer.Ordinal))
        {
            if (system.Concepts.Count == 0) continue;
            var places = system.Concepts.Select((c, i) => (c.Code, i)).DistinctBy(c => c.Code).ToDictionary(c => c.Code, c => c.i);
            lines.Add(json =>
            {
                json.WriteStartObject();
                json.WriteString("concepts", system.Url);
                json.WriteString("name", system.Name);
                json.WriteString("version", system.Version);
                if (!system.IsComplete) json.WriteBoolean("open", true);
                if (!system.IsCaseSensitive) json.WriteBoolean("anyCase", true);
                json.WriteStartArray("list");
                foreach (var (code, display, isAbstract) in system.Concepts)
                {
                    json.WriteStartArray();
                    json.WriteStringValue(code);
                    json.WriteStringValue(display);
                    if (isAbstract) json.WriteBooleanValue(true);
                    foreach (var parent in system.Parents(code)) if (places.TryGetValue(parent, out var place)) json.WriteNumberValue(place);
                    json.WriteEndArray();
                }
                json.WriteEndArray();
                json.WriteEndObject();
            });
        }
    }
}
