using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirCarePlan.Server.Tests.Authentication;

/// <summary>Tokens of any OpenID provider: here one inside the test, found by its discovery document.</summary>
public sealed class BearerTokensTests : IAsyncLifetime
{
    private const string Audience = "https://fhir.cpa.example";
    private static readonly ECDsaSecurityKey Es = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "es" };
    private static readonly RsaSecurityKey Rs = new(RSA.Create(2048)) { KeyId = "rs" };
    private static readonly ECDsaSecurityKey Stranger = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "es" };

    private WebApplication provider = null!, server = null!;
    private HttpClient client = null!;
    private string issuer = "";
    private int keysFetched;
    private readonly HandClock clock = new(DateTimeOffset.UtcNow);

    public async Task InitializeAsync()
    {
        (provider, var toProvider) = await Loopback.Serve(_ => { }, app =>
        {
            app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer, jwks_uri = issuer + "/keys" }));
            app.MapGet("/keys", () =>
            {
                Interlocked.Increment(ref keysFetched);
                return Results.Json(new { keys = new[] { Public(Es), Public(Rs) } });
            });
        });
        issuer = toProvider.BaseAddress!.ToString().TrimEnd('/');
        (server, client) = await Serve(issuer);
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        await provider.DisposeAsync();
    }

    private Task<(WebApplication, HttpClient)> Serve(string authority) => Loopback.Serve(
        services =>
        {
            services.AddSingleton(Agreement.Standard);
            services.AddTokens(new AuthenticationSettings { Authority = authority, Audience = Audience }, clock);
        },
        app =>
        {
            app.UseAuthentication();
            app.UseAuthorization();
            app.MapGet("/who", (HttpContext http, CallerReader callers) => callers.Read(http.User)!.Subject);
            app.MapGet("/open", () => "open").AllowAnonymous();
        });

    private static object Public(SecurityKey key)
    {
        var jwk = JsonWebKeyConverter.ConvertFromSecurityKey(key);
        return new { kty = jwk.Kty, kid = jwk.Kid, crv = jwk.Crv, x = jwk.X, y = jwk.Y, n = jwk.N, e = jwk.E, use = "sig" };
    }

    private string Token(SecurityKey? key = null, string algorithm = "ES256", string? from = null, string audience = Audience, int startsIn = -10, int? endsIn = 60, string subject = "marian")
    {
        var now = clock.Now.UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = from ?? issuer, Audience = audience, NotBefore = now.AddSeconds(startsIn), Expires = endsIn is { } end ? now.AddSeconds(end) : null,
            Claims = new Dictionary<string, object> { ["sub"] = subject, ["client_id"] = "trust-ehr" }, SigningCredentials = new(key ?? Es, algorithm),
        });
    }

    private async Task<(HttpStatusCode Status, string Body)> Who(string? token, string scheme = "Bearer")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "who");
        if (token != null) request.Headers.TryAddWithoutValidation("Authorization", $"{scheme} {token}");
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Believes_the_providers_keys_of_either_kind_and_knows_a_token_again()
    {
        var token = Token();
        for (var i = 0; i < 3; i++) Assert.Equal((HttpStatusCode.OK, "marian"), await Who(token));
        Assert.Equal((HttpStatusCode.OK, "wren"), await Who(Token(Rs, "RS256", subject: "wren")));
        Assert.Equal((HttpStatusCode.OK, "marian"), await Who(token));
        Assert.Equal(1, keysFetched);
    }

    [Fact]
    public async Task Refuses_whatever_is_not_its_providers_token_for_us_and_now()
    {
        var good = Token();
        var parts = good.Split('.');
        var other = Token(subject: "somebody-else").Split('.');
        var secret = new SymmetricSecurityKey(Es.ECDsa.ExportSubjectPublicKeyInfo()) { KeyId = "es" };
        string Unsigned(string alg) => Base64UrlEncoder.Encode($$"""{"alg":"{{alg}}","typ":"JWT"}""") + "." + parts[1] + ".";
        var bad = new Dictionary<string, string?>
        {
            ["none at all"] = null,
            ["empty"] = "",
            ["no token"] = "nonsense",
            ["half a token"] = good[..(good.Length / 2)],
            ["another's body under this signature"] = $"{parts[0]}.{other[1]}.{parts[2]}",
            ["unsigned"] = Unsigned("none"),
            ["unsigned, but says it is"] = Unsigned("ES256"),
            ["a public key taken for a secret"] = Token(secret, "HS256"),
            ["another's key under a known name"] = Token(Stranger),
            ["another issuer"] = Token(from: "https://elsewhere.example"),
            ["the development issuer"] = Token(from: DevIssuer.Issuer, audience: DevIssuer.Audience),
            ["for somebody else"] = Token(audience: "https://other.example"),
            ["over"] = Token(startsIn: -60, endsIn: -1),
            ["not yet"] = Token(startsIn: 600, endsIn: 900),
            ["without end"] = Token(endsIn: null),
            ["for too long"] = Token(endsIn: 13 * 3600),
            ["for too long, nearly over"] = Token(startsIn: -13 * 3600),
            ["two in one"] = $"{good}, {good}",
            ["very long"] = good + new string('A', 20_000),
        };
        foreach (var (what, token) in bad) Assert.True((await Who(token)).Status == HttpStatusCode.Unauthorized, what);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Who(good, "Basic")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Who(good)).Status);
    }

    [Fact]
    public async Task A_known_token_is_refused_once_it_is_over()
    {
        var token = Token(endsIn: 60);
        Assert.Equal(HttpStatusCode.OK, (await Who(token)).Status);
        clock.Now = new DateTimeOffset(new JsonWebToken(token).ValidTo, TimeSpan.Zero).AddTicks(-1);
        Assert.Equal(HttpStatusCode.OK, (await Who(token)).Status);
        clock.Now += TimeSpan.FromTicks(1);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Who(token)).Status);
    }

    [Fact]
    public async Task Whatever_does_not_say_that_it_is_anonymous_needs_a_token()
    {
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("open")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("nowhere")).StatusCode);
    }

    [Fact]
    public async Task Believes_nobody_while_the_provider_is_away()
    {
        var (app, lonely) = await Serve("http://127.0.0.1:9");
        await using (app)
        {
            lonely.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token());
            Assert.Equal(HttpStatusCode.Unauthorized, (await lonely.GetAsync("who")).StatusCode);
        }
    }

    [Theory]
    [InlineData(0, 12, true)]
    [InlineData(-6, 6, true)]
    [InlineData(-12, 1, false)]
    [InlineData(0, 13, false)]
    [InlineData(null, 12, true)] // a token without a beginning: its remaining time counts
    [InlineData(null, 13, false)]
    public void A_token_is_good_for_no_longer_than_the_longest_life(int? from, int to, bool isShort)
    {
        var now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(isShort, TokenSetup.IsShort(from is { } hours ? now.UtcDateTime.AddHours(hours) : null, now.UtcDateTime.AddHours(to), now, TimeSpan.FromHours(12)));
    }

    [Theory]
    [InlineData(-5, 1, true)]
    [InlineData(0, 0, false)]
    [InlineData(20, 60, true)] // an issuer's clock may be half a minute ahead
    [InlineData(31, 60, false)]
    public void A_token_lives_from_its_start_to_its_end(int from, int to, bool isAlive)
    {
        var now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(isAlive, TokenSetup.IsAlive(now.UtcDateTime.AddSeconds(from), now.UtcDateTime.AddSeconds(to), now));
        Assert.False(TokenSetup.IsAlive(null, null, now));
    }
}
