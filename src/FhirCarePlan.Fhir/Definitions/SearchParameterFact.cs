using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions;

/// <summary>A search parameter as published. https://hl7.org/fhir/R4/searchparameter.html</summary>
/// <param name="Type">`token`, `reference`, `date`, `string`, `number`, `quantity`, `uri`, `composite`, `special`.</param>
/// <param name="Bases">Resource types, or `Resource` and `DomainResource` for the common ones.</param>
/// <param name="Expression">FHIRPath as published, for all bases; empty for special parameters.</param>
/// <param name="Targets">Resource types a reference may lead to; empty for any.</param>
public sealed record SearchParameterFact(string Url, string Code, string Type, IReadOnlyList<string> Bases, string Expression,
    IReadOnlyList<string> Targets)
{
    /// <summary>The parts of a composite parameter, in order; empty for others.</summary>
    public IReadOnlyList<SearchComponentFact> Components { get; init; } = [];

    internal static SearchParameterFact Read(FactLine line)
    {
        var json = new Utf8JsonReader(line.Text);
        string url = "", code = "", type = "", expression = "";
        string[] bases = [], targets = [];
        List<SearchComponentFact> components = [];
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var property = json.GetString();
            json.Read();
            switch (property)
            {
                case "search": url = json.GetString()!; break;
                case "code": code = json.GetString()!; break;
                case "type": type = json.GetString()!; break;
                case "bases": bases = json.GetString()!.Split('|'); break;
                case "expression": expression = json.GetString()!; break;
                case "targets": targets = json.GetString()!.Split('|', StringSplitOptions.RemoveEmptyEntries); break;
                case "components": components = ReadComponents(ref json); break;
            }
        }
        return new SearchParameterFact(url, code, type, bases, expression, targets) { Components = components };
    }

    private static List<SearchComponentFact> ReadComponents(ref Utf8JsonReader json)
    {
        var components = new List<SearchComponentFact>();
        while (json.Read() && json.TokenType == JsonTokenType.StartArray)
        {
            json.Read();
            var definition = json.GetString()!;
            json.Read();
            components.Add(new SearchComponentFact(definition, json.GetString()!));
            json.Read();
        }
        return components;
    }
}

/// <param name="Definition">The url of the parameter that says how to compare.</param>
/// <param name="Expression">From each node of the composite's expression to this part's value.</param>
public sealed record SearchComponentFact(string Definition, string Expression);
