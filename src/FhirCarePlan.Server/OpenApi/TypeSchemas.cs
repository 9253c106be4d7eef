using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Definitions;
using Microsoft.OpenApi;

namespace FhirCarePlan.Server.OpenApi;

/// <summary>R4's types as schemas under `components`, each once, made when first asked for: names, types, cardinality and the codes of
/// required bindings. OpenAPI cannot say which of several `value[x]` excludes the others, nor R4's rules; `$validate` does.</summary>
internal sealed class TypeSchemas(OpenApiDocument document)
{
    /// <summary>Longer lists make a document that nobody reads.</summary>
    private const int MostCodes = 64;

    private static readonly string[] Integers = ["integer", "unsignedInt", "positiveInt"];

    /// <param name="type">Any type but a primitive.</param>
    public IOpenApiSchema Of(TypeInfo type)
    {
        var name = Name(type);
        if (!document.Components!.Schemas!.ContainsKey(name))
        {
            // Types refer to each other: the name is taken before its elements are looked at.
            var schema = new OpenApiSchema { Type = JsonSchemaType.Object, Description = Description(type) };
            document.Components.Schemas[name] = schema;
            Fill(schema, type);
        }
        return new OpenApiSchemaReference(name, document);
    }

    /// <summary>A resource of any type. R4 calls it `Resource`.</summary>
    public IOpenApiSchema Any
    {
        get
        {
            document.Components!.Schemas!.TryAdd("Resource", new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "A resource of the type that `resourceType` names.",
                Required = new HashSet<string> { "resourceType" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["resourceType"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    ["id"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    ["meta"] = Of(R4.Type("Meta")!),
                },
                AdditionalPropertiesAllowed = true,
                AdditionalProperties = new OpenApiSchema(),
            });
            return new OpenApiSchemaReference("Resource", document);
        }
    }

    /// <summary>`CarePlan.activity.detail` → `CarePlanActivityDetail`.</summary>
    internal static string Name(TypeInfo type) => string.Concat(type.Name.Split('.').Select((part, i) => i == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]));

    private static string? Description(TypeInfo type) => type.Kind switch
    {
        TypeKind.Resource => $"https://hl7.org/fhir/R4/{type.Name.ToLowerInvariant()}.html. Beside a primitive `x` there may be `_x` with its id and extensions.",
        TypeKind.Backbone => $"`{type.Name}`",
        _ => null,
    };

    private void Fill(OpenApiSchema schema, TypeInfo type)
    {
        var properties = new Dictionary<string, IOpenApiSchema>();
        var required = new HashSet<string>();
        if (type.IsResource)
        {
            properties["resourceType"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create(type.Name)] };
            required.Add("resourceType");
        }
        foreach (var element in type.Elements)
        {
            foreach (var choice in element.Types)
                properties[element.IsChoice ? element.Name + Capital(choice.TypeName) : element.Name] = Element(element, choice);
            if (element is { Min: > 0, IsChoice: false }) required.Add(element.Name);
        }
        (schema.Properties, schema.Required) = (properties, required.Count > 0 ? required : null);
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private IOpenApiSchema Element(ElementInfo element, TypeChoice choice)
    {
        var single = choice.Type is { IsPrimitive: true } primitive ? Primitive(element, primitive) : choice.Type.IsAbstract && choice.Type.IsResource ? Any : Of(choice.Type);
        var targets = choice.TypeName == "Reference" && choice.Targets.Count > 0 ? $"To {string.Join(", ", choice.Targets)}." : null;
        if (element.IsCollection) return new OpenApiSchema { Type = JsonSchemaType.Array, Items = single, MinItems = element.Min > 0 ? element.Min : null, Description = targets };
        return single;
    }

    private static OpenApiSchema Primitive(ElementInfo element, TypeInfo type)
    {
        if (type.Name == "boolean") return new() { Type = JsonSchemaType.Boolean };
        if (Integers.Contains(type.Name)) return new() { Type = JsonSchemaType.Integer, Format = "int32", Minimum = type.Name switch { "positiveInt" => "1", "unsignedInt" => "0", _ => null } };
        if (type.Name == "decimal") return new() { Type = JsonSchemaType.Number, Format = "decimal" };
        return new()
        {
            Type = JsonSchemaType.String,
            Description = Words(type.Name),
            Enum = type.Name == "code" && Codes(element) is { } codes ? [.. codes.Select(c => JsonValue.Create(c))] : null,
        };
    }

    /// <summary>No `format`: a date of R4 may be a year, and a client that reads `date-time` as a moment loses that.</summary>
    private static string? Words(string type) => type switch
    {
        "date" => "`2026`, `2026-11` or `2026-11-30`.",
        "dateTime" => "`2026`, `2026-11`, `2026-11-30` or `2026-11-30T09:30:00Z`.",
        "instant" => "`2026-11-30T09:30:00.000Z`.",
        "time" => "`09:30:00`.",
        "base64Binary" => "Base64.",
        "xhtml" => "A `div` of XHTML: https://hl7.org/fhir/R4/narrative.html",
        "canonical" => "The canonical address of a definition, with `|version` or without.",
        _ => null,
    };

    private static IReadOnlyList<string>? Codes(ElementInfo element) =>
        element.Binding is { Strength: BindingStrength.Required } binding && R4.ValueSet(binding.ValueSet)?.All is { Count: > 0 and <= MostCodes } codes
            ? [.. codes.Distinct()] : null;
}
