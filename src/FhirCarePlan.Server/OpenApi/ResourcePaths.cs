using FhirCarePlan.Fhir.Search;
using Microsoft.OpenApi;

namespace FhirCarePlan.Server.OpenApi;

/// <summary>The paths of one section: every interaction of a resource type, with values that work as they stand.</summary>
/// <param name="Tag">The section.</param>
/// <param name="Type">A resource type, or `{type}`.</param>
internal sealed class ResourcePaths(Shapes shapes, OpenApiDocument document, string tag, string type, string known,
    Dictionary<string, IOpenApiExample> examples, IReadOnlyList<SearchParameter> search, OpenApiParameter? typeParameter = null)
{
    private readonly IOpenApiSchema resource = typeParameter is null ? shapes.Resource(type) : shapes.AnyResource;
    private readonly bool needsVersion = StoredTypes.Core.Contains(type);

    public void AddTo(OpenApiPaths paths)
    {
        var all = $"{Routes.Base}/{type}";
        var one = all + "/{id}";
        Add(paths, all, HttpMethod.Get, Search());
        Add(paths, all, HttpMethod.Post, Create());
        Add(paths, all + "/_search", HttpMethod.Post, SearchByPost());
        Add(paths, all + "/$validate", HttpMethod.Post, Validate());
        Add(paths, one, HttpMethod.Get, Read());
        Add(paths, one, HttpMethod.Put, Update());
        // A Consent is withdrawn, never deleted.
        if (type != "Consent") Add(paths, one, HttpMethod.Delete, Delete());
        Add(paths, one + "/_history", HttpMethod.Get, Operation("history", "History", "The versions in your view, newest first.", [Id()], "200", "A history Bundle", shapes.Resource("Bundle")));
        Add(paths, one + "/_history/{version}", HttpMethod.Get,
            Operation("readVersion", "Read a version", "A version as it was.", [Id(), Shapes.InPath("version", "As in `meta.versionId`.")], "200", "The version", resource));
        Add(paths, one + "/$validate", HttpMethod.Get,
            Operation("validateStored", "Validate what is stored", "Checks the resource as you see it.", [Id()], "200", "What was found", shapes.Resource("OperationOutcome")));
        Add(paths, one + "/$validate", HttpMethod.Post, ValidateAgainst());
        Add(paths, one + "/$explain", HttpMethod.Get,
            Operation("explain", "Explain", "Why you see what you see: for each category the gate, the rules and the clause in plain words.", [Id()], "200", "Parameters", shapes.Resource("Parameters")));
    }

    private OpenApiOperation Search() =>
        Operation("search", "Search", "Finds what is in your view.", [.. Common(), .. search.Select(Parameter)], "200", "A searchset Bundle", shapes.Resource("Bundle"));

    private OpenApiOperation SearchByPost()
    {
        var operation = Operation("searchByForm", "Search by form", "The same search with its parameters in the body, so that no address carries them.", [], "200", "A searchset Bundle", shapes.Resource("Bundle"));
        operation.RequestBody = new OpenApiRequestBody
        {
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/x-www-form-urlencoded"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema> { ["_count"] = new OpenApiSchema { Type = JsonSchemaType.String, Default = "10" } },
                        AdditionalPropertiesAllowed = true,
                    },
                },
            },
        };
        return operation;
    }

    private OpenApiOperation Create()
    {
        var operation = Operation("create", "Create", "Validated, labelled, indexed and stored durably, or refused with what to mend.", [], "201", "Created", resource);
        operation.RequestBody = shapes.Body(resource, examples);
        return operation;
    }

    private OpenApiOperation Validate()
    {
        var operation = Operation("validate", "Validate", "Checks a resource and stores nothing. The body is the resource, or Parameters with `resource`, `profile` and `mode`.",
            [Shapes.InQuery("profile", "Canonical of a profile; without it the one the content claims or, for a CPA resource, its category chooses.")],
            "200", "What was found, errors or none", shapes.Resource("OperationOutcome"));
        operation.RequestBody = shapes.Body(resource, examples);
        return operation;
    }

    private OpenApiOperation ValidateAgainst()
    {
        var operation = Operation("validateStoredAgainst", "Validate what is stored, against a profile", "As GET, with a `profile`.",
            [Id(), Shapes.InQuery("profile", "Canonical of a profile.")], "200", "What was found", shapes.Resource("OperationOutcome"));
        return operation;
    }

    private OpenApiOperation Read()
    {
        var operation = Operation("read", "Read", "The resource as your agreement and the person's consent let you see it.", [Id()], "200", "The resource, or your view of it", resource);
        operation.Responses!["404"] = shapes.Answer("Not in your view: hidden and absent are answered alike", shapes.Resource("OperationOutcome"));
        return operation;
    }

    private OpenApiOperation Update()
    {
        var operation = Operation("update", "Update", "A new version of what you see whole and your party holds.", [Id(), IfMatch()], "200", "Updated", resource);
        operation.RequestBody = shapes.Body(resource);
        return operation;
    }

    private OpenApiOperation Delete() =>
        Operation("delete", "Delete", "Only by the party that holds it.", [Id(), IfMatch()], "204", "Deleted");

    /// <param name="verb">`read` → the operation id `readCarePlan`.</param>
    private OpenApiOperation Operation(string verb, string summary, string description, IEnumerable<IOpenApiParameter> parameters, string status, string answer, IOpenApiSchema? schema = null)
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
                ["default"] = shapes.Answer("Refused: what was found, what is allowed, and where", shapes.Resource("OperationOutcome")),
            },
        };
    }

    private OpenApiParameter Id() => Shapes.InPath("id", "Logical id.", known);

    private OpenApiParameter IfMatch() => Shapes.Header("If-Match", "The ETag that was read, `W/\"…\"`.", needsVersion);

    private static IEnumerable<IOpenApiParameter> Common() =>
    [
        Shapes.InQuery("_count", "Entries a page, 0 to 1000.", "10"),
        Shapes.InQuery("_sort", "Parameters, `-` before one for descending."),
        Shapes.InQuery("_total", "How the total is given.", null, "none", "estimate", "accurate"),
        Shapes.InQuery("_summary", "Parts of the resources.", null, "true", "text", "data", "count", "false"),
        Shapes.InQuery("_elements", "Names of elements, with commas."),
        Shapes.InQuery("_include", "`Type:parameter`: what the found refer to."),
        Shapes.InQuery("_revinclude", "`Type:parameter`: what refers to the found."),
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
