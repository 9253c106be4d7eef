using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Settings;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace FhirCarePlan.Server.Authentication;

/// <summary>`.well-known/smart-configuration`: where a client gets tokens, and what of SMART works here. It repeats what the provider's own
/// document says, and claims nothing that the provider does not offer. https://hl7.org/fhir/smart-app-launch/conformance.html</summary>
public sealed class SmartConfiguration(ITokenProvider provider, TokenRefusals refusals, AuthenticationSettings settings, OwnAddresses own)
{
    public const string Path = FhirBase.Path + "/.well-known/smart-configuration";

    private const string KeyAssertion = "private_key_jwt";
    private static readonly string[] served = ["authorization_code", "client_credentials", "refresh_token"];
    private static readonly string[] scopes = ["patient/*.rs", "patient/*.cruds", "user/*.rs", "user/*.cruds", "system/*.rs", "system/*.cruds"];

    /// <summary>As far as the provider has told by now.</summary>
    public SmartAddresses? Addresses() =>
        provider.Document is { Known: { } known }
        ? new(Set(known.AuthorizationEndpoint), Set(known.TokenEndpoint), Set(known.IntrospectionEndpoint), Set(known.RevocationEndpoint))
        : settings.HasDevIssuer ? new(null, DevToken, null, null) : null;

    public void Map(IEndpointRouteBuilder app) => app.MapGet(Path, (RequestDelegate)Answer).AllowAnonymous();

    private async Task Answer(HttpContext http)
    {
        var body = await Write(http.RequestAborted);
        if (body is null)
        {
            var away = refusals.Of(TokenFault.ProviderAway);
            http.Response.StatusCode = HttpStatus.Of(away.Kind);
            http.Response.Headers.RetryAfter = away.RetryAfter!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
            http.Response.ContentType = "application/fhir+json; charset=utf-8";
            await http.Response.BodyWriter.WriteAsync(OutcomeJson.Write(away.Issues), http.RequestAborted);
            return;
        }
        await http.Response.WriteAsJsonAsync(body, http.RequestAborted);
    }

    /// <summary>Null while the provider does not answer.</summary>
    private async Task<JsonObject?> Write(CancellationToken cancel)
    {
        if (provider.Document is not { } document) return settings.HasDevIssuer ? OfDevelopment() : null;
        try
        {
            return Of(await document.GetConfigurationAsync(cancel));
        }
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
            // The log of the requests that need a token says what is wrong.
            return null;
        }
    }

    private string DevToken => own.BaseUrl[..^FhirBase.Path.Length] + "/dev/token";

    private JsonObject OfDevelopment() => new()
    {
        ["token_endpoint"] = DevToken,
        ["grant_types_supported"] = new JsonArray("client_credentials"),
        ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic", "client_secret_post"),
        ["scopes_supported"] = Texts(scopes),
        ["code_challenge_methods_supported"] = new JsonArray("S256"),
        ["capabilities"] = new JsonArray("permission-patient", "permission-user", "permission-v1", "permission-v2", "client-confidential-symmetric"),
    };

    private static JsonObject Of(OpenIdConnectConfiguration known)
    {
        var grants = known.GrantTypesSupported.Intersect(served).ToList();
        if (grants.Count == 0) grants = ["authorization_code"];
        var methods = known.TokenEndpointAuthMethodsSupported.ToList();
        var offered = known.ScopesSupported.ToList();
        var json = new JsonObject { ["issuer"] = known.Issuer, ["jwks_uri"] = known.JwksUri };
        Add(json, "authorization_endpoint", Set(known.AuthorizationEndpoint));
        Add(json, "token_endpoint", Set(known.TokenEndpoint));
        Add(json, "registration_endpoint", Set(known.RegistrationEndpoint));
        Add(json, "introspection_endpoint", Set(known.IntrospectionEndpoint));
        Add(json, "revocation_endpoint", Set(known.RevocationEndpoint));
        if (methods.Count > 0) json["token_endpoint_auth_methods_supported"] = Texts(methods);
        json["grant_types_supported"] = Texts(grants);
        json["response_types_supported"] = new JsonArray("code");
        // What may be asked for; what is given, the provider decides.
        json["scopes_supported"] =
            Texts([.. offered.Where(s => s is "openid" or "fhirUser" or "launch" or "launch/patient" or "offline_access" or "online_access"), .. scopes]);
        json["code_challenge_methods_supported"] = new JsonArray("S256");
        json["capabilities"] = Texts(Capabilities(known, grants, methods, offered));
        return json;
    }

    private static List<string> Capabilities(OpenIdConnectConfiguration known, List<string> grants, List<string> methods, List<string> offered)
    {
        var able = new List<string> { "permission-patient", "permission-user", "permission-v1", "permission-v2" };
        var launches = Set(known.AuthorizationEndpoint) is not null && grants.Contains("authorization_code");
        if (launches && offered.Contains("launch/patient")) able.AddRange(["launch-standalone", "context-standalone-patient"]);
        if (launches && offered.Contains("launch")) able.AddRange(["launch-ehr", "context-ehr-patient"]);
        if (launches && offered.Contains("openid") && offered.Contains("fhirUser")) able.Add("sso-openid-connect");
        if (offered.Contains("offline_access")) able.Add("permission-offline");
        if (methods.Contains("none")) able.Add("client-public");
        if (methods.Contains(KeyAssertion)) able.Add("client-confidential-asymmetric");
        if (methods.Exists(m => m.StartsWith("client_secret_", StringComparison.Ordinal))) able.Add("client-confidential-symmetric");
        return able;
    }

    private static JsonArray Texts(IEnumerable<string> values) => [.. values.Distinct().Select(v => JsonValue.Create(v))];

    private static void Add(JsonObject json, string name, string? value)
    {
        if (value is not null) json[name] = value;
    }

    private static string? Set(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
