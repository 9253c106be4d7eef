using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions.Facts;

/// <summary>The five compartments: resource type → search parameters that make it a member.
/// https://hl7.org/fhir/R4/compartmentdefinition.html</summary>
internal static class CompartmentFacts
{
    public static void Write(List<JsonElement> definitions, FactLines lines)
    {
        foreach (var compartment in definitions.Where(d => d.Text("id") != "example").OrderBy(d => d.Text("code"), StringComparer.Ordinal))
            lines.Add(json =>
            {
                json.WriteStartObject();
                json.WriteString("compartment", compartment.Text("code"));
                json.WriteStartObject("members");
                foreach (var member in compartment.Items("resource"))
                    // `{def}` means the resource that the compartment belongs to; it is not a search parameter.
                    if (member.Texts("param").Where(p => p != "{def}").ToList() is { Count: > 0 } parameters)
                        json.WriteString(member.Text("code")!, string.Join('|', parameters));
                json.WriteEndObject();
                json.WriteEndObject();
            });
    }
}
