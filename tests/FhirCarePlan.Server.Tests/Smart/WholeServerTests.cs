using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Authentication;
using FhirCarePlan.Server.Tests.Outside;

namespace FhirCarePlan.Server.Tests.Smart;

/// <summary>The whole server with a provider of tokens: what it says of itself, and who may come in.</summary>
public sealed class WholeServerTests : IAsyncLifetime
{
    private readonly StubAuthority provider = new();
    private ServerProcess server = null!;

    public async Task InitializeAsync()
    {
        provider.More["introspection_endpoint"] = $"{provider.Authority}/introspect";
        provider.Map();
        server = await ServerProcess.Start(new Dictionary<string, string>
        {
            ["Authentication:Provider"] = "OpenIdConnect", ["Authentication:Authority"] = provider.Authority, ["Authentication:Audience"] = StubAuthority.Audience,
            ["Authentication:Mapping:Party:0:Claim"] = "ods", ["Authentication:Mapping:Party:0:Value"] = "RXX", ["Authentication:Mapping:Party:0:Is"] = "trust",
            ["Authentication:Mapping:Party:1:Claim"] = "ods", ["Authentication:Mapping:Party:1:Value"] = "P81", ["Authentication:Mapping:Party:1:Is"] = "practice",
            ["Authentication:Mapping:Role:0:Claim"] = "realm_access.roles", ["Authentication:Mapping:Role:0:Value"] = "coordinator", ["Authentication:Mapping:Role:0:Is"] = "care-coordinator",
            ["Authentication:Mapping:Role:1:Claim"] = "realm_access.roles", ["Authentication:Mapping:Role:1:Value"] = "doctor", ["Authentication:Mapping:Role:1:Is"] = "gp",
        });
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        provider.Dispose();
    }

    private Task<Reply> Read(string url, params (string, object?)[] claims)
    {
        var all = new Dictionary<string, object?> { ["ods"] = "RXX", ["realm_access"] = new { roles = new[] { "coordinator", "offline_access" } }, ["purpose"] = "direct-care" };
        foreach (var (name, value) in claims) all[name] = value;
        return server.Anonymous.Send("GET", url, null, null, $"Authorization: Bearer {provider.Token(all)}");
    }

    [Fact]
    public async Task Claims_lead_to_a_party_and_a_role_of_the_agreement()
    {
        Assert.Equal(200, (await Read("fhir/Patient/robin")).Status);
        Assert.Equal(404, (await Read("fhir/Patient/robin", ("realm_access", new { roles = new[] { "doctor" } }))).Status);
        foreach (var (claim, value, said) in new (string, object?, string)[]
        {
            ("ods", "RYY", "It looks for party (claim `ods`), role (claim `realm_access.roles`)"),
            ("ods", null, "does not say who you are"),
            ("realm_access", new { roles = new[] { "coordinator", "doctor" } }, "several things at once"),
        })
        {
            var refused = await Read("fhir/Patient/robin", (claim, value));
            Assert.Equal(401, refused.Status);
            Assert.Contains(said, refused.Said, StringComparison.Ordinal);
        }
    }

    /// <summary>The directory of the samples: Marian Tolley works for the trust, Dr Quarmby for the practice.</summary>
    [Theory]
    [InlineData("RXX", "PractitionerRole/care-coordinator", true)]
    [InlineData("RXX", "PractitionerRole/gp", false)]
    [InlineData("RXX", "PractitionerRole/nobody", false)]
    [InlineData("RXX", "Practitioner/care-coordinator", true)]
    [InlineData("RXX", "Practitioner/gp", false)]
    [InlineData("RXX", "Practitioner/nobody", false)]
    [InlineData("RXX", "Patient/robin", false)]
    [InlineData("P81", "PractitionerRole/gp", true)]
    [InlineData("P81", "PractitionerRole/care-coordinator", false)]
    public async Task The_user_must_be_one_of_the_partys(string ods, string user, bool agrees)
    {
        var said = await Read("fhir/Practitioner", ("ods", ods), ("fhirUser", user));
        Assert.Equal(agrees ? 200 : 401, said.Status);
        if (!agrees) Assert.Contains("`fhirUser` does not agree", said.Said, StringComparison.Ordinal);
        if (!agrees) Assert.Contains("invalid_token", said.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_where_tokens_come_from()
    {
        for (var tries = 0; ; tries++)
        {
            var security = (await server.Anonymous.GetFromJsonAsync<JsonObject>("fhir/metadata"))!["rest"]![0]!["security"]!;
            Assert.Equal(["OAuth", "SMART-on-FHIR"], security["service"]!.AsArray().Select(s => (string)s!["coding"]![0]!["code"]!));
            if (security["extension"] is { } extension)
            {
                Assert.Equal("http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris", (string)extension[0]!["url"]!);
                Assert.Equal([("authorize", $"{provider.Authority}/authorize"), ("token", $"{provider.Authority}/token"), ("introspect", $"{provider.Authority}/introspect")],
                    extension[0]!["extension"]!.AsArray().Select(e => ((string)e!["url"]!, (string)e["valueUri"]!)));
                break;
            }
            Assert.True(tries < 100, "the provider was not asked");
            await Task.Delay(50);
        }
        var document = (await server.Anonymous.GetFromJsonAsync<JsonObject>("openapi/fhircareplan.json"))!;
        var scheme = document["components"]!["securitySchemes"]!["provider"]!;
        Assert.Equal(("openIdConnect", $"{provider.Authority}/.well-known/openid-configuration"), ((string)scheme["type"]!, (string)scheme["openIdConnectUrl"]!));
        Assert.Contains(document["security"]!.AsArray(), s => s!["provider"] is not null);
        Assert.Equal(200, (await server.Anonymous.Send("GET", "fhir/.well-known/smart-configuration")).Status);
    }

    [Fact]
    public async Task A_refused_token_is_on_record_and_nothing_of_it_is_in_the_output()
    {
        Assert.Equal(401, (await Read("fhir/Patient", ("ods", "marian-tolley"), ("sub", "marian-tolley"))).Status);
        Assert.Equal(401, (await Read("fhir/Patient", ("iss", "https://marian-tolley.example"))).Status);
        Assert.DoesNotContain("marian-tolley", server.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("eyJ", server.Output, StringComparison.Ordinal);
    }
}
