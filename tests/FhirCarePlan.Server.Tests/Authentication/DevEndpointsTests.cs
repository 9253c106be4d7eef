using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FhirCarePlan.Server.Tests.Authentication;

public sealed class DevEndpointsTests : IAsyncLifetime
{
    private WebApplication server = null!;
    private HttpClient client = null!;

    public async Task InitializeAsync() => (server, client) = await Loopback.Serve(
        services =>
        {
            services.AddSingleton(Agreement.Standard);
            services.AddSingleton<Personas>();
            services.AddTokens(new AuthenticationSettings { HasDevIssuer = true }, TimeProvider.System);
        },
        app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapDevIssuer();
            app.MapGet("/who", (HttpContext http, CallerReader callers) => callers.Read(http.User)!.ToString());
        });

    public async Task DisposeAsync() => await server.DisposeAsync();

    private async Task<(HttpStatusCode Status, JsonElement Body)> Post(string form, string? basic = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "dev/token")
        { Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded") };
        if (basic != null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(basic)));
        using var answer = await client.SendAsync(request);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    [Theory]
    [InlineData("grant_type=client_credentials&client_id=care-coordinator&client_secret=x", null, "care")]
    [InlineData("grant_type=client_credentials&client_id=care-coordinator", null, "care")]
    [InlineData("grant_type=client_credentials&scope=", "care-coordinator:anything", "care")]
    [InlineData("grant_type=client_credentials", "care%2Dcoordinator:", "care")]
    [InlineData("grant_type=client_credentials&client_id=care-coordinator&purpose=care-management", null, "care-management")]
    [InlineData("grant_type=client_credentials&client_id=care-coordinator&purpose=CAREMGT", null, "care-management")]
    [InlineData("grant_type=client_credentials&client_id=care-coordinator&scope=care-management", null, "care-management")]
    public async Task Gives_a_persona_a_token_for_one_purpose(string form, string? basic, string purpose)
    {
        var (status, body) = await Post(form, basic);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("Bearer", 28800, purpose),
            (body.GetProperty("token_type").GetString(), body.GetProperty("expires_in").GetInt32(), body.GetProperty("scope")
            .GetString()!));
        var token = new JsonWebToken(body.GetProperty("access_token").GetString());
        Assert.Equal(("dev", "care-coordinator", "ES256"), (token.Issuer, token.Subject, token.Alg));
        Assert.Equal(TimeSpan.FromHours(8), token.ValidTo - token.ValidFrom);

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.EncodedToken);
        var caller = await client.GetStringAsync("who");
        Assert.Contains("Party = trust, Role = care-coordinator, Purpose = " + purpose, caller, StringComparison.Ordinal);
        Assert.Contains("PractitionerRole = PractitionerRole/care-coordinator", caller, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client_id=gp", null, 400, "invalid_request")]
    [InlineData("grant_type=client_credentials&grant_type=client_credentials&client_id=gp", null, 400, "invalid_request")]
    [InlineData("grant_type=password&client_id=gp", null, 400, "unsupported_grant_type")]
    [InlineData("grant_type=client_credentials", null, 401, "invalid_client")]
    [InlineData("grant_type=client_credentials&client_id=nobody", null, 401, "invalid_client")]
    [InlineData("grant_type=client_credentials", "nobody:x", 401, "invalid_client")]
    [InlineData("grant_type=client_credentials&client_id=gp&purpose=audit", null, 400, "invalid_scope")]
    [InlineData("grant_type=client_credentials&client_id=care-coordinator&scope=care+care-management", null, 400, "invalid_scope")]
    [InlineData("grant_type=client_credentials&client_id=care-coordinator&purpose=care&purpose=care-management", null, 400,
        "invalid_scope")]
    public async Task Refuses_in_the_words_of_OAuth(string form, string? basic, int status, string error)
    {
        var answer = await Post(form, basic);
        Assert.Equal((status, error), ((int)answer.Status, answer.Body.GetProperty("error").GetString()));
        Assert.NotEqual("", answer.Body.GetProperty("error_description").GetString());
    }

    [Fact]
    public async Task Wants_a_form()
    {
        using var answer = await client.PostAsJsonAsync("dev/token", new { grant_type = "client_credentials", client_id = "gp" });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Lists_who_one_can_be()
    {
        var personas = await client.GetFromJsonAsync<JsonElement>("dev/personas");
        // The cast, and the client that the agreement lists for the practice besides.
        Assert.Equal([.. Personas.Cast().Select(p => p.Id), "trust-ehr"], personas.EnumerateArray().Select(p => p.GetProperty("id").GetString()));
        Assert.All(personas.EnumerateArray(), p => Assert.Equal(
            ["id", "name", "plain", "party", "organization", "practitionerRole", "patient", "role", "purposes", "defaultPurpose"],
                p.EnumerateObject().Select(m => m.Name)));
        var person = personas.EnumerateArray().Single(p => p.GetProperty("id").GetString() == "person");
        Assert.Equal("Patient/robin", person.GetProperty("patient").GetString());
        Assert.Equal(JsonValueKind.Null, person.GetProperty("practitionerRole").ValueKind);
    }

    [Fact]
    public async Task Another_servers_issuer_is_not_believed()
    {
        var stranger = new DevIssuer(TimeProvider.System).Issue(Personas.Cast()[0], "care");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stranger);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("who")).StatusCode);
    }
}
