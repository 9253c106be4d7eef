using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Patching;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;
using Microsoft.OpenApi;

namespace FhirCarePlan.Server.OpenApi;

/// <summary>The small pieces that operations of the document are made of.</summary>
internal sealed class Shapes(OpenApiDocument document, TypeSchemas types)
{
    public const string FhirJson = "application/fhir+json", FhirXml = "application/fhir+xml";

    public IOpenApiSchema Resource(string type) => types.Of(R4.Type(type)!);

    public IOpenApiSchema AnyResource => types.Any;

    /// <summary>Null for an answer that is no resource.</summary>
    public IOpenApiSchema? Answered(InteractionText text) => text.Answers switch { null or "" => null, "Resource" => AnyResource, var type => Resource(type) };

    /// <summary>FHIR's XML follows rules of its own, which OpenAPI cannot say.</summary>
    private IOpenApiSchema Xml
    {
        get
        {
            document.Components!.Schemas!.TryAdd("FhirXml",
                new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Description = "The same resource as XML: https://hl7.org/fhir/R4/xml.html"
                });
            return new OpenApiSchemaReference("FhirXml", document);
        }
    }

    public OpenApiResponse Answer(string description, IOpenApiSchema? schema = null) => new()
    {
        Description = description,
        Content = schema is null
            ? null
            : new Dictionary<string, OpenApiMediaType> { [FhirJson] = new() { Schema = schema }, [FhirXml] = new() { Schema = Xml } },
    };

    public OpenApiRequestBody Body(IOpenApiSchema schema, Dictionary<string, IOpenApiExample>? examples = null, string? description = null) =>
        new()
        {
            Required = true,
            Description = description,
            Content =
            new Dictionary<string, OpenApiMediaType>
            {
                [FhirJson] = new()
                {
                    Schema = schema, Examples = examples is { Count: > 0 }
            ? examples : null
                }, [FhirXml] = new() { Schema = Xml }
            },
        };

    /// <summary>The three forms of a patch. https://hl7.org/fhir/R4/http.html#patch</summary>
    public OpenApiRequestBody Patch() => new()
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [PatchTypes.Json] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalPropertiesAllowed = true } } },
            [FhirJson] = new() { Schema = Resource("Parameters") },
            [FhirXml] = new() { Schema = Xml },
            [PatchTypes.Xml] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
        },
    };

    public static OpenApiParameter InPath(string name, string description, string? example = null, IEnumerable<string>? allowed = null) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Path,
            Required = true,
            Description = description,
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.String, Enum = allowed is null ? null
            : [.. allowed.Select(a => JsonValue.Create(a))]
            },
            Example = example,
        };

    public static OpenApiParameter InQuery(string name, string description, string? example = null, params IEnumerable<string> allowed) =>
        new()
        {
            Name = name,
            In = ParameterLocation.Query,
            Description = description,
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.String, Enum = allowed.Any() ? [.. allowed.Select(a => JsonValue.Create(a))]
            : null
            },
            Example = example,
        };

    public static OpenApiParameter Header(string name, string description, bool isRequired = false) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Required = isRequired,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
