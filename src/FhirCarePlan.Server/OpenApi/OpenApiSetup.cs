using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Settings;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace FhirCarePlan.Server.OpenApi;

/// <summary>The document at `/openapi/fhircareplan.json` and its page at `/swagger`.</summary>
public static class OpenApiSetup
{
    // 3.0 rather than 3.1, since more of the tools that generate clients read it.
    private const OpenApiSpecVersion Version = OpenApiSpecVersion.OpenApi3_0;
    private const string Address = $"/openapi/{FhirDocument.Name}.json";

    public static void AddFhirDocument(this IServiceCollection services) => services.AddOpenApi(FhirDocument.Name, options =>
    {
        options.OpenApiVersion = Version;
        options.ShouldInclude = _ => false;
        options.AddDocumentTransformer<FhirDocument>();
    });

    public static void MapFhirDocument(this WebApplication app)
    {
        // Made once, when first asked for: it depends on nothing that changes while the server runs.
        var document = new Lazy<Task<byte[]>>(() =>
            Write(app.Services, app.Services.GetRequiredService<AuthenticationSettings>().HasDevIssuer,
            app.Services.GetRequiredService<AddressSettings>().PathBase));
        app.MapGet(Address, (RequestDelegate)(async http =>
        {
            var bytes = await document.Value;
            http.Response.ContentType = "application/json; charset=utf-8";
            http.Response.ContentLength = bytes.Length;
            await http.Response.BodyWriter.WriteAsync(bytes, http.RequestAborted);
        })).AllowAnonymous();
    }

    public static void UseSwaggerPage(this WebApplication app) => app.UseSwaggerUI(page =>
    {
        page.RoutePrefix = "swagger";
        page.DocumentTitle = "FhirCarePlan";
        // Relative to the page, so that a proxy's path does not matter.
        page.SwaggerEndpoint($"..{Address}", "FhirCarePlan");
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
    public static async Task<byte[]> Write(IServiceProvider services, bool withPersonas, string pathBase = "")
    {
        var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(FhirDocument.Name).GetOpenApiDocumentAsync();
        if (withPersonas) FhirDocument.AddPersonas(document, services.GetRequiredService<Personas>());
        // The command that writes the committed document knows no settings.
        if (services.GetService<AuthenticationSettings>()?.Issuer is { } authority) FhirDocument.AddProvider(document, authority);
        if (pathBase.Length > 0) document.Servers = [new() { Url = pathBase }];
        using var memory = new MemoryStream();
        await document.SerializeAsJsonAsync(memory, Version);
        return memory.ToArray();
    }
}
