using System.Text.Json.Nodes;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Tests.Authentication;

/// <summary>https://hl7.org/fhir/smart-app-launch/conformance.html</summary>
public sealed class SmartConfigurationTests : IDisposable
{
    private const string At = "fhir/.well-known/smart-configuration";

    private readonly StubAuthority provider = new();

    public void Dispose() => provider.Dispose();

    private AuthenticationSettings Settings => new() { Authority = provider.Authority, Audience = StubAuthority.Audience };

    private static async Task<JsonObject> Told(Guarded server)
    {
        var told = await server.Who("", At);
        Assert.True(told.Status == 200, told.Body);
        return JsonNode.Parse(told.Body)!.AsObject();
    }

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(t => (string)t!);

    [Fact]
    public async Task Repeats_the_provider_and_claims_no_more_than_it_offers()
    {
        await using var server = await Guarded.By(Settings);
        var told = await Told(server);
        Assert.Equal((provider.Issuer, $"{provider.Authority}/token", $"{provider.Authority}/authorize", $"{provider.Authority}/keys"),
            ((string)told["issuer"]!, (string)told["token_endpoint"]!, (string)told["authorization_endpoint"]!, (string)told["jwks_uri"]!));
        Assert.Equal(["permission-patient", "permission-user", "permission-v1", "permission-v2"], Texts(told["capabilities"]));
        Assert.Null(told["introspection_endpoint"]);
        Assert.Contains("patient/*.rs", Texts(told["scopes_supported"]));
        Assert.Equal(["S256"], Texts(told["code_challenge_methods_supported"]));
    }

    [Fact]
    public async Task What_the_provider_offers_is_a_capability()
    {
        provider.More["grant_types_supported"] = new[] { "authorization_code", "client_credentials", "implicit" };
        provider.More["token_endpoint_auth_methods_supported"] = new[] { "private_key_jwt", "client_secret_basic", "none" };
        provider.More["scopes_supported"] = new[] { "openid", "fhirUser", "launch", "launch/patient", "offline_access", "email" };
        provider.More["introspection_endpoint"] = "https://id.example/introspect";
        provider.More["revocation_endpoint"] = "https://id.example/revoke";
        provider.Map();
        await using var server = await Guarded.By(Settings);
        var told = await Told(server);
        Assert.Equal(["authorization_code", "client_credentials"], Texts(told["grant_types_supported"]));
        Assert.Superset(new HashSet<string> { "client-confidential-asymmetric", "client-confidential-symmetric", "client-public", "launch-ehr", "launch-standalone", "context-ehr-patient", "context-standalone-patient", "sso-openid-connect", "permission-offline" },
            Texts(told["capabilities"]).ToHashSet());
        Assert.Equal(("https://id.example/introspect", "https://id.example/revoke"), ((string)told["introspection_endpoint"]!, (string)told["revocation_endpoint"]!));
        Assert.DoesNotContain("email", Texts(told["scopes_supported"]));
    }

    [Fact]
    public async Task While_the_provider_is_away_it_is_503_and_then_it_is_there()
    {
        provider.Stop();
        await using var server = await Guarded.By(Settings);
        Assert.Equal((503, 10), await server.Who("", At) is var told ? (told.Status, told.RetryAfter!.Value) : default);
        provider.Restart();
        for (var tries = 0; (await server.Who("", At)).Status != 200; tries++)
        {
            Assert.True(tries < 100);
            await Task.Delay(100);
        }
    }

    [Fact]
    public async Task The_built_in_issuer_has_one_too()
    {
        await using var server = await Guarded.By(new() { HasDevIssuer = true });
        var told = await Told(server);
        Assert.EndsWith("/dev/token", (string)told["token_endpoint"]!, StringComparison.Ordinal);
        Assert.Equal(["client_credentials"], Texts(told["grant_types_supported"]));
    }
}
