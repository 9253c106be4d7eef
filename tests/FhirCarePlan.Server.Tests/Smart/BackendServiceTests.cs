using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Authentication;
using FhirCarePlan.Server.Tests.Tour;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirCarePlan.Server.Tests.Smart;

/// <summary>A backend service of a trust: it finds the provider, proves itself with its key, and reads what agreement and scopes leave.
/// https://hl7.org/fhir/smart-app-launch/backend-services.html</summary>
public sealed class BackendServiceTests : IAsyncLifetime
{
    private readonly ECDsaSecurityKey key = StubAuthority.Ec("backend");
    private AuthorisationServer provider = null!;
    private ServerProcess server = null!;

    public async Task InitializeAsync()
    {
        provider = await AuthorisationServer.Start(key, "system/Condition.rs", "system/Observation.rs?category=survey");
        server = await ServerProcess.Start(new Dictionary<string, string>
        {
            ["Authentication:Provider"] = "OpenIdConnect",
            ["Authentication:Authority"] = provider.Authority + "/",
            ["Authentication:Audience"] = AuthorisationServer.Audience,
            ["Authentication:Scopes"] = "Required",
            ["Authentication:Mapping:Party:0:Claim"] = "client_id",
            ["Authentication:Mapping:Party:0:Value"] = AuthorisationServer.Client,
            ["Authentication:Mapping:Party:0:Is"] = "trust",
        });
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        await provider.DisposeAsync();
    }

    private static string Assertion(SecurityKey with, string audience, string client = AuthorisationServer.Client) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = client, Audience = audience, Expires = DateTime.UtcNow.AddMinutes(4), SigningCredentials = new(with, "ES256"), TokenType = "client-authentication+jwt",
        Claims = new Dictionary<string, object> { ["sub"] = client, ["jti"] = Guid.NewGuid().ToString() },
    });

    private static async Task<(HttpStatusCode Status, JsonObject Body)> Token(string endpoint, string assertion, string scope)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(endpoint, new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["scope"] = scope,
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", ["client_assertion"] = assertion,
        }));
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    [Fact]
    public async Task From_discovery_to_the_data_and_no_further()
    {
        var smart = (await server.Anonymous.GetFromJsonAsync<JsonObject>("fhir/.well-known/smart-configuration"))!;
        var (endpoint, issuer) = ((string)smart["token_endpoint"]!, (string)smart["issuer"]!);
        Assert.Contains("client-confidential-asymmetric", smart["capabilities"]!.AsArray().Select(c => (string)c!));

        var (status, given) = await Token(endpoint, Assertion(key, issuer), "system/Condition.rs system/Observation.rs?category=survey");
        Assert.True(status == HttpStatusCode.OK, given.ToJsonString());
        var client = new HttpClient { BaseAddress = server.Fhir };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)given["access_token"]!);
        Assert.NotEmpty((await client.Get("Condition")).Entries);
        Assert.Equal(HttpStatusCode.OK, (await client.Get("Observation/robin-honos-01")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.Get("Observation/robin-check-blood-pressure")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.Get("Patient/robin")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.Post("Condition", Talk.Sample("partnership/Condition-robin-need-company.json"))).Status);

        // The provider knows the client by its key, and gives no more than it may have.
        Assert.NotEqual(HttpStatusCode.OK, (await Token(endpoint, Assertion(StubAuthority.Ec("backend"), issuer), "system/Condition.rs")).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await Token(endpoint, Assertion(key, issuer), "system/*.cruds")).Status);
        // A token without scopes sees nothing where they are required.
        (status, given) = await Token(endpoint, Assertion(key, issuer), "");
        Assert.True(status == HttpStatusCode.OK, given.ToJsonString());
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)given["access_token"]!);
        Assert.Equal(0, (await client.Get("Condition")).Total);
    }
}
