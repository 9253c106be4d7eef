using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Smart;

/// <summary>Personas whose tokens carry scopes of SMART.</summary>
internal static class Scoped
{
    /// <param name="scope">With spaces.</param>
    /// <param name="patient">Of the launch context.</param>
    public static async Task<HttpClient> With(this ServerProcess server, string persona, string scope, string? patient = null, string? purpose = null)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = persona, ["client_secret"] = "any", ["scope"] = scope };
        if (patient != null) form["patient"] = patient;
        if (purpose != null) form["purpose"] = purpose;
        using var answer = await server.Anonymous.PostAsync("dev/token", new FormUrlEncodedContent(form));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var token = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["access_token"]!;
        var client = new HttpClient { BaseAddress = server.Fhir };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
