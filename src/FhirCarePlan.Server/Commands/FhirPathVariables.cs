using System.Text.Json;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Server.Commands;

/// <summary>Environment variables of an expression, from JSON: texts, numbers, booleans, `{"value","code"}` or `{"value","unit"}` as a quantity,
/// resources. http://hl7.org/fhirpath/N1/#environment-variables</summary>
internal sealed class FhirPathVariables : IDisposable
{
    private readonly Dictionary<string, Node> nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Item> values = new(StringComparer.Ordinal);
    private readonly List<Document> documents = [];

    public IReadOnlyDictionary<string, Node> Nodes => nodes;
    public IReadOnlyDictionary<string, Item> Values => values;

    /// <exception cref="LineFault">A value is none that an expression could use.</exception>
    public void Read(JsonElement variables, Func<JsonElement, Document> read)
    {
        if (variables.ValueKind != JsonValueKind.Object) throw new LineFault("`variables` is an object: names and values");
        foreach (var variable in variables.EnumerateObject())
        {
            var name = variable.Name.TrimStart('%');
            var value = variable.Value.ValueKind == JsonValueKind.Array && variable.Value.GetArrayLength() == 1 ? variable.Value[0] : variable.Value;
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("resourceType", out _))
            {
                var document = read(value);
                documents.Add(document);
                nodes[name] = document.Root;
            }
            else values[name] = Value(name, value);
        }
    }

    private static Item Value(string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False: return value.GetBoolean();
            case JsonValueKind.String: return value.GetString()!;
            case JsonValueKind.Null: return default;
            case JsonValueKind.Number:
                if (value.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0 && value.TryGetInt32(out var whole)) return whole;
                if (value.TryGetDecimal(out var number)) return number;
                break;
            case JsonValueKind.Object when value.TryGetProperty("value", out var amount) && amount.ValueKind == JsonValueKind.Number && amount.TryGetDecimal(out var quantity):
                var unit = value.TryGetProperty("code", out var code) || value.TryGetProperty("unit", out code) ? code.ToString() : "1";
                return Item.Quantity(quantity, unit);
            case JsonValueKind.Array when value.GetArrayLength() == 0: return default;
        }
        throw new LineFault($"The variable `{name}` is neither a text, a number, a boolean, a quantity nor a resource");
    }

    public void Dispose()
    {
        foreach (var document in documents) document.Dispose();
    }
}
