using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions.Facts;

/// <summary>The search parameters of base R4. Those published as experimental are examples, or parameters of profiles.
/// https://hl7.org/fhir/R4/searchparameter-registry.html</summary>
internal static class SearchFacts
{
    public static void Write(List<JsonElement> definitions, FactLines lines)
    {
        foreach (var parameter in definitions.Where(IsBase).OrderBy(p => p.Text("url"), StringComparer.Ordinal))
            lines.Add(json =>
            {
                json.WriteStartObject();
                json.WriteString("search", parameter.Text("url"));
                json.WriteString("code", parameter.Text("code"));
                json.WriteString("type", parameter.Text("type"));
                json.WriteString("bases", string.Join('|', parameter.Texts("base")));
                if (parameter.Text("expression") is { } expression) json.WriteString("expression", expression);
                if (parameter.TryGetProperty("target", out _)) json.WriteString("targets", Targets(parameter));
                if (parameter.TryGetProperty("component", out _))
                {
                    json.WriteStartArray("components");
                    foreach (var component in parameter.Items("component"))
                    {
                        json.WriteStartArray();
                        json.WriteStringValue(component.Text("definition"));
                        json.WriteStringValue(component.Text("expression"));
                        json.WriteEndArray();
                    }
                    json.WriteEndArray();
                }
                json.WriteEndObject();
            });
    }

    private static bool IsBase(JsonElement parameter) =>
        !parameter.True("experimental") && parameter.TryGetProperty("base", out _)
        && parameter.Text("url")!.StartsWith("http://hl7.org/fhir/SearchParameter/", StringComparison.Ordinal);

    /// <summary>Empty for any: a parameter that lists every resource type says no more than that.</summary>
    private static string Targets(JsonElement parameter) =>
        parameter.Items("target").Count() > 140 ? "" : string.Join('|', parameter.Texts("target"));
}
