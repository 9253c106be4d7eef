using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions;

/// <summary>Which search parameters make a resource a member of a compartment. https://hl7.org/fhir/R4/compartmentdefinition.html</summary>
internal static class CompartmentTable
{
    private static readonly Lazy<Dictionary<(string Compartment, string Type), string[]>> Members = new(Read);

    public static IReadOnlyList<string> Parameters(string compartment, string type) =>
        Members.Value.GetValueOrDefault((compartment, type), []);

    private static Dictionary<(string, string), string[]> Read()
    {
        var members = new Dictionary<(string, string), string[]>();
        foreach (var (compartment, line) in FactsFile.Lines(FactKind.Compartments))
        {
            var json = new Utf8JsonReader(line.Text);
            while (json.Read() && !(json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("members"u8))) { }
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var type = json.GetString()!;
                json.Read();
                members[(compartment, type)] = json.GetString()!.Split('|');
            }
        }
        return members;
    }
}
