using FhirCarePlan.Server.Http;

namespace FhirCarePlan.Server;

/// <summary>Every URL below the FHIR base, each naming its interaction. https://hl7.org/fhir/R4/http.html</summary>
public static class Routes
{
    public const string Base = "/fhir";

    /// <param name="Method">HTTP method.</param>
    /// <param name="Pattern">Below the base.</param>
    public sealed record Route(string Method, string Pattern, Interaction Interaction);

    public static IReadOnlyList<Route> Table { get; } =
    [
        new("GET", "/metadata", Interaction.Capabilities),
        new("POST", "", Interaction.Batch), // or a transaction: the bundle says which
        new("GET", "/{type}", Interaction.Search),
        new("POST", "/{type}/_search", Interaction.Search),
        new("POST", "/{type}", Interaction.Create),
        new("POST", "/{type}/$validate", Interaction.ValidateType),
        new("GET", "/{type}/{id}", Interaction.Read),
        new("PUT", "/{type}/{id}", Interaction.Update),
        new("DELETE", "/{type}/{id}", Interaction.Delete),
        new("GET", "/{type}/{id}/_history", Interaction.History),
        new("GET", "/{type}/{id}/_history/{version}", Interaction.VRead),
        new("GET", "/{type}/{id}/$validate", Interaction.ValidateInstance),
        new("POST", "/{type}/{id}/$validate", Interaction.ValidateInstance),
        new("GET", "/{type}/{id}/$explain", Interaction.Explain),
    ];

    /// <summary>HEAD is answered as GET, headers only. https://hl7.org/fhir/R4/http.html#read</summary>
    public static string[] Methods(string method) => method == "GET" ? ["GET", "HEAD"] : [method];

    public static void MapFhir(this IEndpointRouteBuilder app)
    {
        // Made when the first request comes or the server is prepared, not when a command only wants to know the routes.
        var endpoint = new Lazy<FhirEndpoint>(app.ServiceProvider.GetRequiredService<FhirEndpoint>);
        foreach (var route in Table)
        {
            var interaction = route.Interaction;
            var mapped = app.MapMethods(Base + route.Pattern, Methods(route.Method), (RequestDelegate)(http => endpoint.Value.Answer(http, interaction)));
            if (interaction == Interaction.Capabilities) mapped.AllowAnonymous();
        }
        // Whatever else lies below the base is refused by the same endpoint, so that it is authenticated first.
        app.Map(Base + "/{**rest}", (RequestDelegate)(http => endpoint.Value.Unknown(http)));
    }
}
