using System.Text.Json;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Interactions;

namespace FhirCarePlan.Server.Commands;

/// <summary>Environment variables of an expression, from JSON: texts, numbers, booleans, `{"value","code"}` or `{"value","unit"}` as a
/// quantity, lists of these, resources. http://hl7.org/fhirpath/N1/#environment-variables</summary>
internal sealed class FhirPathVariables : IDisposable
{
    private readonly Dictionary<string, Node> nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<Item>> values = new(StringComparer.Ordinal);
    private readonly List<Document> documents = [];

    public IReadOnlyDictionary<string, Node> Nodes => nodes;
    public IReadOnlyDictionary<string, IReadOnlyList<Item>> Values => values;

    /// <exception cref="LineFault">A value is none that an expression could use.</exception>
    public void Read(JsonElement variables, Func<JsonElement, Document> read)
    {
        if (variables.ValueKind != JsonValueKind.Object) throw new LineFault("`variables` must be an object of names and values");
        foreach (var variable in variables.EnumerateObject())
        {
            var name = variable.Name.TrimStart('%');
            if (IsResource(variable.Value)) nodes[name] = Node(variable.Value);
            else if (variable.Value.ValueKind == JsonValueKind.Null) values[name] = [];
            else if (variable.Value.ValueKind == JsonValueKind.Array)
                values[name] = [.. variable.Value.EnumerateArray().Select(v => IsResource(v) ? Node(v) : Value(name, v))];
            else values[name] = [Value(name, variable.Value)];
        }

        Node Node(JsonElement resource)
        {
            var document = read(resource);
            documents.Add(document);
            return document.Root;
        }
    }

    private static bool IsResource(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty("resourceType", out _);

    private static Item Value(string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False: return value.GetBoolean();
            case JsonValueKind.String: return value.GetString()!;
            case JsonValueKind.Number:
                if (value.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0 && value.TryGetInt32(out var whole)) return whole;
                if (value.TryGetDecimal(out var number)) return number;
                break;
            case JsonValueKind.Object when value.TryGetProperty("value", out var amount) && amount.ValueKind == JsonValueKind.Number
                && amount.TryGetDecimal(out var quantity):
                var unit = value.TryGetProperty("code", out var code) || value.TryGetProperty("unit", out code) ? code.ToString() : "1";
                return Item.Quantity(quantity, unit);
        }
        throw new LineFault($"The variable `{name}` must be a string, a number, a boolean, a quantity or a resource");
    }

    public void Dispose()
    {
        foreach (var document in documents) document.Dispose();
    }
}
