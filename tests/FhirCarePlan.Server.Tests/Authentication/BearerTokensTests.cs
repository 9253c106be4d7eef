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

    private async Task<(int Status, string Challenge, string Said, int? RetryAfter)> Heard(HttpClient from, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "who");
        if (authorization != null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var answer = await from.SendAsync(request);
        var outcome = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("OperationOutcome", outcome.GetProperty("resourceType").GetString());
        return ((int)answer.StatusCode, string.Join(",", answer.Headers.WwwAuthenticate), outcome.GetProperty("issue")[0].GetProperty("diagnostics").GetString()!,
            (int?)answer.Headers.RetryAfter?.Delta?.TotalSeconds);
    }

    /// <summary>https://www.rfc-editor.org/rfc/rfc6750#section-3: a code only where there was a token.</summary>
    [Fact]
    public async Task A_401_says_why()
    {
        var good = Token();
        var parts = good.Split('.');
        foreach (var (authorization, isToken, said) in new (string?, bool, string)[]
        {
            (null, false, "has no token"),
            ("Basic YTpi", false, "another scheme"),
            ("Bearer", true, "malformed"),
            ("Bearer ", true, "malformed"),
            ("Bearer nonsense", true, "malformed"),
            ($"Bearer {good}, {good}", true, "malformed"),
            ($"Bearer {parts[0]}.{parts[1]}", true, "malformed"),
            ($"Bearer {parts[0]}.!!!.{parts[2]}", true, "malformed"),
            ($"Bearer {Token(startsIn: -60, endsIn: -1)}", true, "has expired"),
            ($"Bearer {Token(startsIn: 600, endsIn: 900)}", true, "not valid yet"),
            ($"Bearer {Token(endsIn: null)}", true, "has no end"),
            ($"Bearer {Token(endsIn: 13 * 3600)}", true, "good for too long: at most 12:00:00"),
            ($"Bearer {Token(audience: "https://other.example")}", true, $"`aud` must be `{Audience}`"),
            ($"Bearer {Token(from: "https://elsewhere.example")}", true, $"another issuer. Tokens come from {issuer}"),
            ($"Bearer {Token(Stranger, from: "https://elsewhere.example")}", true, "another issuer"),
            ($"Bearer {Token(Stranger)}", true, "signature does not verify"),
            ($"Bearer {Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.", true, "signature does not verify"),
        })
        {
            var heard = await Heard(client, authorization);
            Assert.Equal((401, null), (heard.Status, heard.RetryAfter));
            Assert.Contains(said, heard.Said, StringComparison.Ordinal);
            Assert.StartsWith("Bearer realm=\"fhir\"", heard.Challenge, StringComparison.Ordinal);
            Assert.Equal(isToken, heard.Challenge.Contains("error=\"invalid_token\"", StringComparison.Ordinal));
            Assert.Equal(isToken, heard.Challenge.Contains($"error_description=\"{heard.Said}\"", StringComparison.Ordinal));
            Assert.DoesNotContain(parts[1], heard.Said, StringComparison.Ordinal);
        }
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
    public async Task Believes_nobody_while_the_provider_is_away_and_blames_nobody()
    {
        var (app, lonely) = await Serve("http://127.0.0.1:9");
        await using (app)
        {
            var heard = await Heard(lonely, $"Bearer {Token()}");
            Assert.Equal((503, "", 10), (heard.Status, heard.Challenge, heard.RetryAfter));
            Assert.Contains("provider does not answer", heard.Said, StringComparison.Ordinal);
            // What is wrong by itself is said all the same.
            Assert.Equal(401, (await Heard(lonely, "Bearer nonsense")).Status);
            Assert.Equal(401, (await Heard(lonely, null)).Status);
            Assert.Equal(HttpStatusCode.OK, (await lonely.GetAsync("open")).StatusCode);
        }
    }

    /// <summary>A provider that answers with something else, or breaks off, is away too; and it is asked again.</summary>
    [Theory]
    [InlineData(500, "broken")]
    [InlineData(200, "<html>maintenance</html>")]
    [InlineData(200, "{}")]
    public async Task A_provider_that_gives_no_keys_is_away_until_it_does(int status, string body)
    {
        var isMended = false;
        var (app, toIt) = await Loopback.Serve(_ => { }, app =>
        {
            app.MapGet("/.well-known/openid-configuration", (HttpContext http) => isMended
                ? Results.Json(new { issuer = $"http://{http.Request.Host}", jwks_uri = $"http://{http.Request.Host}/keys" }) : Results.Text(body, statusCode: status));
            app.MapGet("/keys", () => Results.Json(new { keys = new[] { Public(Es) } }));
        });
        await using var _ = app;
        var own = toIt.BaseAddress!.ToString().TrimEnd('/');
        var (asking, lonely) = await Serve(own);
        await using (asking)
        {
            var token = $"Bearer {Token(from: own)}";
            Assert.Equal(503, (await Heard(lonely, token)).Status);
            isMended = true;
            for (var tries = 0; ; tries++)
            {
                using var again = new HttpRequestMessage(HttpMethod.Get, "who");
                again.Headers.TryAddWithoutValidation("Authorization", token);
                if ((await lonely.SendAsync(again)).StatusCode == HttpStatusCode.OK) return;
                Assert.True(tries < 100, "it was not asked again");
                await Task.Delay(100);
            }
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
