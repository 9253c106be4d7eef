using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Settings;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace FhirCarePlan.Server.OpenApi;

/// <summary>The document at `/openapi/fhircareplan.json`, and its page at `/swagger` with a smaller
/// one.</summary>
public static class OpenApiSetup
{
    // 3.0 rather than 3.1, since more of the tools that generate clients read it.
    private const OpenApiSpecVersion Version = OpenApiSpecVersion.OpenApi3_0;
    private const string Address = $"/openapi/{FhirDocument.Name}.json", PageAddress = "/openapi/page.json";

    public static void AddFhirDocument(this IServiceCollection services) => services.AddOpenApi(FhirDocument.Name, options =>
    {
        options.OpenApiVersion = Version;
        options.ShouldInclude = _ => false;
        options.AddDocumentTransformer<FhirDocument>();
    });

    public static void MapFhirDocument(this WebApplication app)
    {
        Map(Address, document => document);
        Map(PageAddress, ForPage);

        // Made once, when first asked for: it depends on nothing that changes while the server runs.
        void Map(string address, Func<OpenApiDocument, OpenApiDocument> change)
        {
            var written = new Lazy<Task<byte[]>>(() => Write(app.Services, app.Services.GetRequiredService<AuthenticationSettings>().HasDevIssuer,
                app.Services.GetRequiredService<AddressSettings>().PathBase, change));
            app.MapGet(address, (RequestDelegate)(async http =>
            {
                var bytes = await written.Value;
                http.Response.ContentType = "application/json; charset=utf-8";
                http.Response.ContentLength = bytes.Length;
                await http.Response.BodyWriter.WriteAsync(bytes, http.RequestAborted);
            })).AllowAnonymous();
        }
    }

    /// <summary>Resources by name only: R4's types contain each other, and the page writes out all of that, which takes it minutes.</summary>
    private static OpenApiDocument ForPage(OpenApiDocument document)
    {
        document.Info.Description += $" Programs that generate clients find the types in [the whole document]({Address}).";
        var types = document.Components!.Schemas!;
        foreach (var (name, schema) in types.ToList())
            if (schema is OpenApiSchema { Properties: { } known } type && known.TryGetValue("resourceType", out var resourceType))
                (type.Properties, type.Required) = (new Dictionary<string, IOpenApiSchema> { ["resourceType"] = resourceType }, new HashSet<string> { "resourceType" });
            else if (schema.Type != JsonSchemaType.String) types.Remove(name);
        return document;
    }

    public static void UseSwaggerPage(this WebApplication app) => app.UseSwaggerUI(page =>
    {
        page.RoutePrefix = "swagger";
        page.DocumentTitle = "FhirCarePlan";
        // Relative to the page, so that a proxy's path does not matter.
        page.SwaggerEndpoint($"..{PageAddress}", "FhirCarePlan");
        page.DocExpansion(DocExpansion.None);
        page.DefaultModelsExpandDepth(-1);
        page.DefaultModelExpandDepth(0);
        page.EnableTryItOutByDefault();
        page.EnablePersistAuthorization();
        page.DisplayRequestDuration();
        page.OAuthClientId("care-coordinator");
        page.OAuthClientSecret("any");
    });

    /// <summary>The document as indented JSON.</summary>
    /// <param name="pathBase">In front of all paths of the server; empty for nothing.</param>
    /// <param name="change">What else to do to it before it is written.</param>
    public static async Task<byte[]> Write(IServiceProvider services, bool withPersonas, string pathBase = "", Func<OpenApiDocument, OpenApiDocument>? change = null)
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(FhirDocument.Name).GetOpenApiDocumentAsync();
        if (withPersonas) FhirDocument.AddPersonas(document, services.GetRequiredService<Personas>());
        // The command that writes the committed document knows no settings.
        if (services.GetService<AuthenticationSettings>()?.Issuer is { } authority) FhirDocument.AddProvider(document, authority);
        if (pathBase.Length > 0) document.Servers = [new() { Url = pathBase }];
        using var memory = new MemoryStream();
        await (change?.Invoke(document) ?? document).SerializeAsJsonAsync(memory, Version);
        return memory.ToArray();
    }
}
