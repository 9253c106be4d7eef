using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Profiles;

namespace FhirCarePlan.Fhir.Definitions.Published;

/// <summary>Base R4's own definitions as resources, made from its facts: structures with their elements, codes without displays, search
/// parameters with their expressions. R4's address replaces its prose; what the facts do not decide is left out, with a note.</summary>
internal static class R4Resources
{
    private const string Core = "http://hl7.org/fhir/StructureDefinition/", Version = "4.0.1";
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Canonical of each, in no order.</summary>
    public static IEnumerable<string> Urls(string resourceType) => resourceType switch
    {
        "StructureDefinition" => R4.ResourceTypes.Concat(R4.DataTypes).Concat(["Resource", "DomainResource"]).Select(name => Core + name),
        "ValueSet" => R4.ValueSets,
        "CodeSystem" => R4.CodeSystems,
        "SearchParameter" => R4.SearchParameters.Select(p => p.Url),
        _ => [],
    };

    /// <param name="isWhole">False leaves out what makes them long: elements and codes.</param>
    public static byte[] Write(string resourceType, string id, string url, bool isWhole = true)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("resourceType", resourceType);
            json.WriteString("id", id);
            json.WriteString("url", url);
            switch (resourceType)
            {
                case "StructureDefinition": WriteStructure(R4.Type(url[Core.Length..])!, isWhole, json); break;
                case "ValueSet": WriteValueSet(FactsFile.Lines(FactKind.ValueSets)[url], isWhole, json); break;
                case "CodeSystem": WriteCodeSystem(FactsFile.Lines(FactKind.CodeSystems)[url], isWhole, json); break;
                default: WriteParameter(R4.SearchParameters.First(p => p.Url == url), json); break;
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteStructure(TypeInfo type, bool isWhole, Utf8JsonWriter json)
    {
        json.WriteString("version", Version);
        json.WriteString("name", type.Name);
        json.WriteString("status", "active");
        json.WriteString("fhirVersion", Version);
        json.WriteString("kind",
            type.Kind switch { TypeKind.Resource => "resource", TypeKind.Primitive => "primitive-type", _ => "complex-type" });
        json.WriteBoolean("abstract", type.IsAbstract);
        json.WriteString("type", type.Name);
        if (type.Base is { } above)
        {
            json.WriteString("baseDefinition", Core + above.Name);
            json.WriteString("derivation", "specialization");
        }
        if (!isWhole) return;
        json.WritePropertyName("snapshot");
        SnapshotJson.Write(type, json);
    }

    private static void WriteCodeSystem(FactLine line, bool isWhole, Utf8JsonWriter json)
    {
        using var facts = JsonDocument.Parse(line.Text.ToArray());
        var isOpen = facts.RootElement.TryGetProperty("open", out _);
        json.WriteString("status", "active");
        var codes = new[] { "list", "abstract" }.SelectMany(l => facts.RootElement.TryGetProperty(l, out var listed)
            ? [.. listed.EnumerateArray()] : Array.Empty<JsonElement>()).ToList();
        json.WriteString("content", codes.Count == 0 ? "not-present" : isOpen ? "fragment" : "complete");
        if (!isWhole || codes.Count == 0) return;
        json.WriteStartArray("concept");
        foreach (var code in codes) WriteCode(code, json);
        json.WriteEndArray();
    }

    /// <summary>Without `compose` when some of its codes are none of R4's: a part of a set would be another set.</summary>
    private static void WriteValueSet(FactLine line, bool isWhole, Utf8JsonWriter json)
    {
        using var facts = JsonDocument.Parse(line.Text.ToArray());
        var root = facts.RootElement;
        json.WriteString("version", Version);
        json.WriteString("status", "active");
        var isOpen = root.TryGetProperty("open", out var open);
        var hasAll = root.TryGetProperty("all", out var all);
        var hasSome = root.TryGetProperty("some", out var some);
        if (isOpen || !hasAll && !hasSome)
        {
            json.WriteString("description", isOpen
                ? $"Its codes come from {string.Join(", ", open.EnumerateArray().Select(o => o.GetString() == "*" ? "any system" : o.GetString()))}, which this server does not hold" : "It has no codes");
            return;
        }
        if (!isWhole) return;
        json.WriteStartObject("compose");
        json.WriteStartArray("include");
        if (hasAll)
            foreach (var system in all.EnumerateArray())
            {
                json.WriteStartObject();
                json.WriteString("system", system.GetString());
                json.WriteEndObject();
            }
        if (hasSome)
            foreach (var system in some.EnumerateObject())
            {
                json.WriteStartObject();
                json.WriteString("system", system.Name);
                json.WriteStartArray("concept");
                foreach (var code in system.Value.EnumerateArray()) WriteCode(code, json);
                json.WriteEndArray();
                json.WriteEndObject();
            }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCode(JsonElement code, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("code", code.GetString());
        json.WriteEndObject();
    }

    private static void WriteParameter(SearchParameterFact parameter, Utf8JsonWriter json)
    {
        json.WriteString("version", Version);
        json.WriteString("name", parameter.Code);
        json.WriteString("status", "active");
        json.WriteString("description", "As R4 defines it: http://hl7.org/fhir/R4/searchparameter-registry.html");
        json.WriteString("code", parameter.Code);
        Texts("base", parameter.Bases, json);
        json.WriteString("type", parameter.Type);
        if (parameter.Expression.Length > 0) json.WriteString("expression", parameter.Expression);
        Texts("target", parameter.Targets, json);
        if (parameter.Components.Count == 0) return;
        json.WriteStartArray("component");
        foreach (var component in parameter.Components)
        {
            json.WriteStartObject();
            json.WriteString("definition", component.Definition);
            json.WriteString("expression", component.Expression);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Texts(string name, IReadOnlyList<string> texts, Utf8JsonWriter json)
    {
        if (texts.Count == 0) return;
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
