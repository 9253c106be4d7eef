using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace FhirCarePlan.Server.Tests.Authentication;

/// <summary>A provider of tokens on this machine: it answers over HTTP, and its tokens are signed with real keys.</summary>
internal sealed class StubAuthority : IDisposable
{
    public const string Audience = "https://care.example/fhir";

    private readonly string path;
    private WireMockServer server = WireMockServer.Start();
    private SecurityKey[] published = [];
    private Func<IResponseBuilder, IResponseBuilder>? trouble;

    /// <param name="path">Below which the documents are: of Entra ID `/TENANT/v2.0`.</param>
    public StubAuthority(string path = "")
    {
        this.path = path;
        Port = server.Port;
        Issuer = Address + path;
        Publish(Ec("first"));
    }

    public int Port { get; }
    public string Address => $"http://127.0.0.1:{Port}";
    public string Authority => Address + path;
    /// <summary>What the document says.</summary>
    public string Issuer { get; set; }
    public Dictionary<string, object> More { get; } = [];
    /// <summary>The key that tokens are signed with.</summary>
    public SecurityKey Signing { get; set; } = null!;
    public WireMockServer Server => server;

    public static ECDsaSecurityKey Ec(string id) => new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = id };
    public static RsaSecurityKey Rsa(string id) => new(System.Security.Cryptography.RSA.Create(2048)) { KeyId = id };

    /// <summary>From now on these keys, and no others; the last one signs.</summary>
    public void Publish(params SecurityKey[] keys)
    {
        (published, Signing) = (keys, keys[^1]);
        Map();
    }

    public void Map()
    {
        server.ResetMappings();
        Answer($"{path}/.well-known/openid-configuration", Document());
        Answer($"{path}/keys", new { keys = published.Select(Public) });
    }

    private Dictionary<string, object> Document()
    {
        var document = new Dictionary<string, object>
        {
            ["issuer"] = Issuer, ["jwks_uri"] = $"{Authority}/keys", ["token_endpoint"] = $"{Authority}/token", ["authorization_endpoint"] = $"{Authority}/authorize",
        };
        foreach (var (name, value) in More) document[name] = value;
        return document;
    }

    /// <summary>From now on every document comes like this.</summary>
    public void Trouble(Func<IResponseBuilder, IResponseBuilder>? how)
    {
        trouble = how;
        Map();
    }

    public void Answer(string at, object json)
    {
        var response = Response.Create().WithStatusCode(200).WithHeader("Content-Type", "application/json").WithBody(JsonSerializer.Serialize(json));
        server.Given(Request.Create().WithPath(at)).RespondWith(trouble is null ? response : trouble(response));
    }

    public int Asked(string at) => server.LogEntries.Count(e => e.RequestMessage?.Path == path + at);

    public void Stop() => server.Stop();

    public void Restart()
    {
        server.Dispose();
        server = WireMockServer.Start(Port);
        Map();
    }

    public static Dictionary<string, object> Public(SecurityKey key)
    {
        var jwk = JsonWebKeyConverter.ConvertFromSecurityKey(key);
        return new (string Name, string? Value)[] { ("kty", jwk.Kty), ("kid", jwk.Kid), ("crv", jwk.Crv), ("x", jwk.X), ("y", jwk.Y), ("n", jwk.N), ("e", jwk.E), ("use", "sig") }
            .Where(p => !string.IsNullOrEmpty(p.Value)).ToDictionary(p => p.Name, p => (object)p.Value!);
    }

    /// <param name="claims">Beside or in place of `iss`, `aud`, `sub`, `client_id`; null leaves one out.</param>
    public string Token(Dictionary<string, object?>? claims = null, SecurityKey? key = null, string? algorithm = null, int startsIn = -10, int endsIn = 300)
    {
        var now = DateTimeOffset.UtcNow;
        var all = new Dictionary<string, object?>
        {
            ["iss"] = Issuer, ["aud"] = Audience, ["sub"] = "marian", ["client_id"] = "trust-ehr", ["nbf"] = now.AddSeconds(startsIn).ToUnixTimeSeconds(), ["exp"] = now.AddSeconds(endsIn).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString("N"),
        };
        foreach (var (name, value) in claims ?? []) all[name] = value;
        key ??= Signing;
        algorithm ??= key is RsaSecurityKey or JsonWebKey { Kty: "RSA" } ? "RS256" : "ES256";
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            JsonSerializer.Serialize(all.Where(c => c.Value is not null).ToDictionary(c => c.Key, c => c.Value)), new SigningCredentials(key, algorithm));
    }

    public void Dispose() => server.Dispose();
}
