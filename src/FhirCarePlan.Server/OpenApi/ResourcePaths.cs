using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Http;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Operations;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Settings;
using Microsoft.OpenApi;

namespace FhirCarePlan.Server.OpenApi;

/// <summary>The paths of one section: every interaction of a resource type, with values that work unchanged.</summary>
/// <param name="Tag">The section.</param>
/// <param name="Type">A resource type, or `{type}`.</param>
internal sealed class ResourcePaths(Shapes shapes, OpenApiDocument document, string tag, string type, string known,
    Dictionary<string, IOpenApiExample> examples, IReadOnlyList<SearchParameter> search, OpenApiParameter? typeParameter = null)
{
    private readonly IOpenApiSchema resource = typeParameter is null ? shapes.Resource(type) : shapes.AnyResource;
    private readonly bool needsVersion = StoredTypes.Core.Contains(type);

    /// <summary>Names of the schemas of the CPA profiles on this type.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];

    private string? Binds => Profiles.Count == 0 ? null
        : $"What it says decides which profile it must meet ([what binds when](/profiles/rules#what-binds)): {string.Join(", ", Profiles.Select(p => $"`{p}`"))}.";

    public void AddTo(OpenApiPaths paths)
    {
        foreach (var interaction in Table.All.All)
        {
            if (interaction.Level == Level.System || !interaction.IsFor(type)) continue;
            foreach (var route in interaction.Routes.Where(r => !r.IsOfCompartment))
                Add(paths, FhirBase.Path + route.Pattern.Replace("{type}", type, StringComparison.Ordinal), HttpMethod.Parse(route.Method),
                    Of(interaction, route));
        }
    }

    private OpenApiOperation Of(Interaction interaction, InteractionRoute route)
    {
        var text = interaction.Text;
        IOpenApiSchema? schema = text.Answers switch { null => resource, "" => null, var other => shapes.Resource(other) };
        var operation = Operation(route.OperationId ?? interaction.Name, route.Summary ?? text.Summary, route.Plain ?? text.Plain,
            Parameters(interaction, route), text.Status, text.Answer, schema);
        var sends = route.Method is "POST" or "PUT" or "PATCH";
        if (sends && interaction.Body == BodyKind.Form) operation.RequestBody = Form();
        else if (sends && interaction.Body is BodyKind.Resource or BodyKind.Question && interaction.Level == Level.Type)
            operation.RequestBody = shapes.Body(resource, examples, Binds);
        else if (sends && interaction.Body == BodyKind.Resource) operation.RequestBody = shapes.Body(resource, description: Binds);
        else if (sends && interaction.Body == BodyKind.Patch) operation.RequestBody = shapes.Patch();
        if (type == BinaryContent.Type && sends && interaction.Body == BodyKind.Resource) operation.RequestBody!.Content![Anything] = Bytes;
        if (type == BinaryContent.Type && interaction.Code is "read" or "vread") operation.Responses![text.Status].Content![Anything] = Bytes;
        if (interaction is { Target: TargetNeed.Needed, Writes: false })
            operation.Responses!["404"] = shapes.Answer("Not in your view: hidden and absent get the same answer",
                shapes.Resource("OperationOutcome"));
        return operation;
    }

    private const string Anything = "*/*";
    private static OpenApiMediaType Bytes => new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", Description = "The content of the Binary itself." } };

    private IEnumerable<IOpenApiParameter> Parameters(Interaction interaction, InteractionRoute route)
    {
        if (interaction.Level is Level.Instance or Level.Version) yield return Shapes.InPath("id", "Logical id.", known);
        if (interaction.Level == Level.Version) yield return Shapes.InPath("version", "As in `meta.versionId`.");
        if (interaction.Action is "update" or "delete")
            yield return Shapes.Header("If-Match", "The ETag you read, `W/\"…\"`; several with commas, or `*`.", needsVersion);
        if (type == BinaryContent.Type && interaction.Body == BodyKind.Resource) yield return Shapes.Header("X-Security-Context", "With content that is no Binary: the resource it belongs to, `Patient/[id]`.", false);
        if (interaction == Table.Create) yield return Shapes.Header("If-None-Exist", "Criteria, `identifier=system|value`: created only where nothing in your view meets them.", false);
        if (interaction == Table.Read)
        {
            yield return Shapes.Header("If-None-Match", "The ETag you have: 304 where your view is certain to be the same.", false);
            yield return Shapes.Header("If-Modified-Since", "The `Last-Modified` you have, likewise.", false);
        }
        foreach (var (name, plain) in interaction.Inputs) yield return Shapes.InQuery(name, plain);
        if (interaction.Body != BodyKind.Form || route.Method != "GET") yield break;
        foreach (var parameter in Common()) yield return parameter;
        foreach (var parameter in search) yield return Parameter(parameter);
    }

    public static OpenApiRequestBody Lines() => new()
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType> { [Interactions.Bulk.ExportFile.MediaType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "A resource in JSON on each line." } } },
    };

    public static OpenApiRequestBody Form() => new()
    {
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/x-www-form-urlencoded"] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties =
                        new Dictionary<string, IOpenApiSchema>
                        {
                            ["_count"] = new OpenApiSchema
                            {
                                Type = JsonSchemaType.String,
                                Default = "10"
                            }
                        },
                    AdditionalPropertiesAllowed = true,
                },
            },
        },
    };

    /// <param name="verb">`read` → the operation id `readCarePlan`.</param>
    private OpenApiOperation Operation(string verb, string summary, string description, IEnumerable<IOpenApiParameter> parameters,
        string status, string answer, IOpenApiSchema? schema = null)
    {
        List<IOpenApiParameter> all = typeParameter is null ? [.. parameters] : [typeParameter, .. parameters];
        return new()
        {
            OperationId = verb + (typeParameter is null ? type : "Resource"),
            Summary = summary,
            Description = description,
            Tags = new HashSet<OpenApiTagReference> { new(tag, document) },
            Parameters = all.Count > 0 ? all : null,
            Responses = new OpenApiResponses
            {
                [status] = shapes.Answer(answer, schema),
                ["default"] = shapes.Answer("Refused: what was found, what it must be, and where", shapes.Resource("OperationOutcome")),
            },
        };
    }

    private static IEnumerable<IOpenApiParameter> Common() =>
    [
        Shapes.InQuery("_count", "Entries a page, 0 to 1000.", "10"),
        Shapes.InQuery("_sort", "Names of parameters, with commas; `-` before one for descending order."),
        Shapes.InQuery("_total", "Whether to count: `accurate` and `estimate` are both exact. Without it `total` is there up to 100 matches, or as many as a page holds.", null, "none", "estimate", "accurate"),
        Shapes.InQuery("_summary", "Parts of the resources.", null, "true", "text", "data", "count", "false"),
        Shapes.InQuery("_elements", "Names of the elements to return, with commas."),
        Shapes.InQuery("_include", "`Type:parameter`: also return what the matches refer to."),
        Shapes.InQuery("_revinclude", "`Type:parameter`: also return what refers to the matches."),
    ];

    private static OpenApiParameter Parameter(SearchParameter parameter) =>
        Shapes.InQuery(parameter.Code, parameter.Type == SearchType.Reference && parameter.Targets.Count is > 0 and < 5
            ? $"reference to {string.Join(", ", parameter.Targets)}" : parameter.Type.ToString().ToLowerInvariant());

    private static void Add(OpenApiPaths paths, string path, HttpMethod method, OpenApiOperation operation)
    {
        if (!paths.TryGetValue(path, out var item)) paths[path] = item = new OpenApiPathItem { Operations = [] };
        item.Operations![method] = operation;
    }
}
