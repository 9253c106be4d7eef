using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Guide;
using FhirCarePlan.Server.Http;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Interactions.Many;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Settings;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FhirCarePlan.Server.OpenApi;

/// <summary>The OpenAPI document: the framework's, with the paths our routes cannot tell it of, since they take any resource.</summary>
public sealed class FhirDocument(StoredTypes types, SearchParameters search, GuidePackage guide) : IOpenApiDocumentTransformer
{
    public const string Name = "fhircareplan";
    public const string Bearer = "bearer", PersonaSignIn = "personas", Provider = "provider";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new()
        {
            Title = "FhirCarePlan",
            Version = "1",
            Description =
                "Care plans under the English Care Programme Approach as FHIR R4, shared between agencies. Every answer is the caller's own view, "
                + "as the sharing agreement and the person's consent allow. Profiles: [/profiles](/profiles). What is supported: "
                    + "[/fhir/metadata](/fhir/metadata).",
        };
        document.Servers = [new() { Url = "/" }];
        document.Components = new()
        {
            Schemas = new Dictionary<string, IOpenApiSchema>(),
            Examples = new Dictionary<string, IOpenApiExample>(),
            SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Bearer] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT",
                    Description = "A token of the configured provider. Scopes of SMART App Launch 2 (`patient/`, `user/`, `system/`) narrow what the agreement lets it see and do; "
                        + "`/fhir/.well-known/smart-configuration` says where tokens come from."
                },
            },
        };
        document.Security = [new() { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
        document.Tags = new HashSet<OpenApiTag>();
        document.Paths = [];
        var schemas = new TypeSchemas(document);
        var shapes = new Shapes(document, schemas);
        AddSections(document, shapes, new ProfileSchemas(document, schemas, guide), new Samples(Places.Here().Find("samples"), document));
        AddServer(document, shapes);
        document.Tags!.Add(new OpenApiTag { Name = Section.Terminology, Description = "Questions about codes, on the definitions that this server works by: R4's, the packages' and its own." });
        AddRows(document, shapes, TerminologyRows.All, Section.Terminology);
        AddRows(document, shapes, Table.All.All.Where(i => i.On is { } on && Section.All.All(s => s.Type != on) && !TerminologyRows.All.Contains(i)), Section.Others);
        return Task.CompletedTask;
    }

    private void AddSections(OpenApiDocument document, Shapes shapes, ProfileSchemas profiles, Samples samples)
    {
        foreach (var section in Section.All.Where(s => types.Serves(s.Type)))
        {
            document.Tags!.Add(new OpenApiTag { Name = section.Type, Description = section.Plain });
            new ResourcePaths(shapes, document, section.Type, section.Type, section.Known, samples.Of(section), search.For(section.Type))
            { Profiles = profiles.Of(section.Type) }.AddTo(document.Paths);
        }
        var others = types.All.Except(Section.All.Select(s => s.Type)).ToList();
        if (others.Count == 0) return;
        foreach (var type in others)
        {
            shapes.Resource(type);
            profiles.Of(type);
        }
        var isDefault = others.Contains("Goal");
        document.Tags!.Add(new OpenApiTag
        {
            Name = Section.Others,
            Description = "The same for every other type that this server stores. /fhir/metadata lists each type's search parameters."
        });
        new ResourcePaths(shapes, document, Section.Others, "{type}", isDefault ? "robin-goal-draw" : "x", [], [],
            Shapes.InPath("type", "Resource type.", isDefault ? "Goal" : others[0], others)).AddTo(document.Paths);
    }

    private static void AddServer(OpenApiDocument document, Shapes shapes)
    {
        document.Tags!.Add(new OpenApiTag { Name = Section.Server, Description = "The server as a whole." });
        foreach (var interaction in Table.All.All.Where(i => i.Level == Level.System || i.Routes.Any(r => r.IsOfCompartment)))
            foreach (var route in interaction.Routes.Where(r => !r.IsOfAnyAddress))
            {
                var text = interaction.Text;
                var operation = new OpenApiOperation
                {
                    OperationId = route.OperationId ?? interaction.Name,
                    Summary = route.Summary ?? text.Summary,
                    Description = text.Plain,
                    Tags = new HashSet<OpenApiTagReference> { new(Section.Server, document) },
                    Responses = new() { [text.Status] = shapes.Answer(text.Answer, shapes.Answered(text)) },
                };
                List<IOpenApiParameter> parameters = [.. OfPath(route), .. route.Method == "GET" ? interaction.Inputs.Select(i => Shapes.InQuery(i.Name, i.Plain)) : []];
                if (parameters.Count > 0) operation.Parameters = parameters;
                if (interaction.Body == BodyKind.Form && route.Method == "POST") operation.RequestBody = ResourcePaths.Form();
                if (interaction.IsPublic) operation.Security = [];
                if (interaction.Body == BodyKind.Lines) operation.RequestBody = ResourcePaths.Lines();
                if (interaction.Body == BodyKind.Bundle)
                    operation.RequestBody = shapes.Body(shapes.Resource("Bundle"), new() { ["batch"] = TwoReads() });
                var path = FhirBase.Path + route.Pattern;
                if (!document.Paths.TryGetValue(path, out var item)) document.Paths[path] = item = new OpenApiPathItem { Operations = [] };
                item.Operations![HttpMethod.Parse(route.Method)] = operation;
            }
    }

    private static IEnumerable<OpenApiParameter> OfPath(InteractionRoute route)
    {
        if (route.Pattern.Contains("{id}", StringComparison.Ordinal)) yield return Shapes.InPath("id", "Of the job, as `Content-Location` or the manifest says.");
        if (route.Pattern.Contains("{file}", StringComparison.Ordinal)) yield return Shapes.InPath("file", "Of the job, as the manifest says.");
        if (!route.IsOfCompartment) yield break;
        yield return Shapes.InPath("compartment", "Type of the compartment's owner.", "Patient", Compartment.Owners);
        yield return Shapes.InPath("owner", "Id of the owner.", "robin");
        if (route.Pattern.Contains("{type}", StringComparison.Ordinal)) yield return Shapes.InPath("type", "Type to search.", "Condition");
    }

    /// <summary>Rows of one type each, which has no section of its own.</summary>
    private static void AddRows(OpenApiDocument document, Shapes shapes, IEnumerable<Interaction> rows, string tag)
    {
        foreach (var interaction in rows)
            foreach (var route in interaction.Routes)
            {
                var text = interaction.Text;
                var isSent = route.Method == "POST";
                List<IOpenApiParameter> parameters = isSent ? [] : [.. interaction.Inputs.Select(i => Shapes.InQuery(i.Name, i.Plain))];
                if (interaction.Level == Level.Instance) parameters.Insert(0, Shapes.InPath("id", tag == Section.Terminology ? "Id of a definition that this server works by." : "Logical id."));
                var operation = new OpenApiOperation
                {
                    OperationId = route.OperationId + interaction.On,
                    Summary = route.Summary ?? text.Summary,
                    Description = route.Plain ?? text.Plain,
                    Tags = new HashSet<OpenApiTagReference> { new(tag, document) },
                    Parameters = isSent ? null : parameters,
                    RequestBody = isSent ? shapes.Body(shapes.Resource("Parameters")) : null,
                    Responses = new()
                    {
                        [text.Status] = shapes.Answer(text.Answer, shapes.Answered(text)),
                        ["default"] = shapes.Answer("Refused: not known, not understood, or not to be decided here", shapes.Resource("OperationOutcome")),
                    },
                };
                var path = FhirBase.Path + route.Pattern;
                if (!document.Paths.TryGetValue(path, out var item)) document.Paths[path] = item = new OpenApiPathItem { Operations = [] };
                item.Operations![HttpMethod.Parse(route.Method)] = operation;
            }
    }

    private static OpenApiExample TwoReads() => new()
    {
        Summary = "Two reads",
        Value = System.Text.Json.Nodes.JsonNode.Parse("""
            { "resourceType": "Bundle", "type": "batch", "entry": [
              { "request": { "method": "GET", "url": "CarePlan/robin-plan" } },
              { "request": { "method": "GET", "url": "Condition?patient=robin" } } ] }
            """),
    };

    /// <summary>What a configured provider adds: where it is, and the scopes that narrow a token.</summary>
    public static void AddProvider(OpenApiDocument document, string authority)
    {
        document.Components!.SecuritySchemes![Provider] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OpenIdConnect,
            OpenIdConnectUrl = new Uri($"{authority.TrimEnd('/')}/.well-known/openid-configuration"),
            Description = "The provider of tokens. " + Scopes,
        };
        document.Security!.Insert(0, new() { [new OpenApiSecuritySchemeReference(Provider, document)] = [] });
    }

    private const string Scopes = "Scopes such as `patient/*.rs` or `user/Observation.rs?category=survey` narrow what a token sees.";

    /// <summary>What Development adds: signing in as a persona.</summary>
    public static void AddPersonas(OpenApiDocument document, Personas personas)
    {
        document.Components!.SecuritySchemes![PersonaSignIn] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OAuth2,
            Description = "`client_id` is a persona; any `client_secret` works. Choose at most one purpose. " + Scopes + "\n\n"
                + string.Join("\n", personas.All.Select(p => $"- `{p.Id}`: {p.Name}. {p.Plain} ({string.Join(", ", p.Purposes)})")),
            Flows = new()
            {
                ClientCredentials = new()
                {
                    TokenUrl = new Uri("/dev/token", UriKind.Relative),
                    Scopes = personas.All.SelectMany(p => p.Purposes).Distinct().ToDictionary(p => p, p => "Purpose")
                        .Append(new("user/*.rs", "Read and search, and write nothing")).Append(new("patient/*.rs", "For `person`: their own record")).ToDictionary(),
                },
            },
        };
        document.Security!.Insert(0, new() { [new OpenApiSecuritySchemeReference(PersonaSignIn, document)] = [] });
    }
}
