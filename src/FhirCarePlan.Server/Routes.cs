using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Http;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server;

/// <summary>Puts the table of interactions below the FHIR base. https://hl7.org/fhir/R4/http.html</summary>
public static class Routes
{
    public static void MapFhir(this IEndpointRouteBuilder app)
    {
        // Made when the first request comes or the server is prepared, not when a command only wants to know the routes.
        var endpoint = new Lazy<FhirEndpoint>(app.ServiceProvider.GetRequiredService<FhirEndpoint>);
        foreach (var interaction in Table.All.All)
            foreach (var route in interaction.Routes)
                app.MapMethods(FhirBase.Path + route.Pattern, Requests.InteractionTable.Methods(route),
                    (RequestDelegate)(http => endpoint.Value.Answer(http, interaction)))
                    .AllowAnonymous();
        // The same endpoint refuses every other address below the base, so that the caller is authenticated first and the refusal is on
        // record.
        app.Map(FhirBase.Path + "/{**rest}", (RequestDelegate)(http => endpoint.Value.Answer(http, null))).AllowAnonymous();
    }
}
