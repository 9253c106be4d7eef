using FhirCarePlan.Server.Settings;
using Microsoft.IdentityModel.Tokens;

namespace FhirCarePlan.Server.Tests.Authentication;

/// <summary>An OpenID provider that changes its keys, goes away, comes back, or is slow.</summary>
public sealed class OpenIdStubTests : IAsyncLifetime
{
    private readonly StubAuthority provider = new();
    private Guarded server = null!;

    public async Task InitializeAsync() => server = await Guarded.By(Settings(provider));

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        provider.Dispose();
    }

    private static AuthenticationSettings Settings(StubAuthority provider, double seconds = 5) =>
        new() { Authority = provider.Authority, Audience = StubAuthority.Audience, ProviderTimeout = TimeSpan.FromSeconds(seconds) };

    [Fact]
    public async Task A_new_key_is_fetched_when_a_token_names_it_and_the_old_one_ends()
    {
        var first = provider.Signing;
        var old = provider.Token();
        Assert.Equal(200, (await server.Who(old)).Status);
        provider.Publish(StubAuthority.Rsa("second"));
        Assert.Equal(200, (await server.Until(200, provider.Token())).Status);
        // The token that was known a moment ago is asked for its key again.
        await server.Refuses(old, "signature does not verify");
        await server.Refuses(provider.Token(key: first), "signature does not verify");
    }

    [Fact]
    public async Task Tokens_with_keys_that_nobody_has_do_not_make_the_server_ask_without_end()
    {
        Assert.Equal(200, (await server.Who(provider.Token())).Status);
        var before = provider.Asked("/keys");
        var began = Environment.TickCount64;
        for (var i = 0; i < 50; i++) await server.Refuses(provider.Token(key: StubAuthority.Ec($"stranger{i}")), "signature does not verify");
        Assert.InRange(provider.Asked("/keys") - before, 0, 2 + (Environment.TickCount64 - began) / 1000);
    }

    [Fact]
    public async Task Refuses_with_the_reason()
    {
        var secret = new SymmetricSecurityKey(((ECDsaSecurityKey)provider.Signing).ECDsa.ExportSubjectPublicKeyInfo()) { KeyId = provider.Signing.KeyId };
        foreach (var (token, why) in new[]
        {
            (provider.Token(new() { ["iss"] = "https://elsewhere.example" }), "another issuer"),
            (provider.Token(new() { ["iss"] = provider.Issuer + "/" }), "another issuer"),
            (provider.Token(new() { ["iss"] = null }), "another issuer"),
            (provider.Token(new() { ["aud"] = "https://other.example" }), "another audience"),
            (provider.Token(new() { ["aud"] = null }), "another audience"),
            (provider.Token(new() { ["exp"] = null }), "has no end"),
            (provider.Token(startsIn: -600, endsIn: -1), "has expired"),
            (provider.Token(startsIn: 600, endsIn: 900), "not valid yet"),
            (provider.Token(key: secret, algorithm: "HS256"), "signature does not verify"),
            (provider.Token(key: StubAuthority.Ec(provider.Signing.KeyId)), "signature does not verify"),
        })
            await server.Refuses(token, why);
        Assert.Equal(200, (await server.Who(provider.Token(new() { ["aud"] = new[] { "https://other.example", StubAuthority.Audience } }))).Status);
    }

    [Fact]
    public async Task A_provider_that_is_away_is_503_and_back_it_is_believed_again()
    {
        provider.Stop();
        await using var lonely = await Guarded.By(Settings(provider));
        var token = provider.Token();
        var told = await lonely.Who(token);
        Assert.Equal((503, "", 10), (told.Status, told.Challenge, told.RetryAfter));
        Assert.Contains("provider does not answer", told.Said, StringComparison.Ordinal);
        provider.Restart();
        Assert.Equal(200, (await lonely.Until(200, token)).Status);
    }

    [Fact]
    public async Task A_provider_that_goes_away_later_leaves_its_keys()
    {
        Assert.Equal(200, (await server.Who(provider.Token())).Status);
        provider.Stop();
        Assert.Equal(200, (await server.Who(provider.Token())).Status);
        // A key that is not known may be a new one, and nobody can say.
        Assert.Equal(503, (await server.Until(503, provider.Token(key: StubAuthority.Ec("new")))).Status);
    }

    [Theory]
    [InlineData("slow")]
    [InlineData("broken")]
    [InlineData("html")]
    [InlineData("huge")]
    public async Task What_is_no_document_keeps_nobody_waiting_and_is_503(string how)
    {
        provider.Trouble(answer => how switch
        {
            "slow" => answer.WithDelay(TimeSpan.FromMinutes(5)),
            "broken" => answer.WithStatusCode(500),
            "html" => answer.WithBody("<html>maintenance</html>"),
            _ => answer.WithBody(new string(' ', 2 << 20) + "{}"),
        });
        await using var lonely = await Guarded.By(Settings(provider, 0.5));
        var told = await lonely.Who(provider.Token());
        Assert.Equal((503, 10), (told.Status, told.RetryAfter));
        provider.Trouble(null);
        Assert.Equal(200, (await lonely.Until(200, provider.Token())).Status);
    }

    /// <summary>Neither tokens nor what they say; of a refusal the log may say that there was one.</summary>
    [Fact]
    public async Task Nothing_of_a_token_is_in_the_log()
    {
        var good = provider.Token(new() { ["sub"] = "marian-tolley-1970", ["name"] = "Marian Tolley" });
        var bad = provider.Token(new() { ["sub"] = "marian-tolley-1970", ["aud"] = "https://marian.example" });
        Assert.Equal(200, (await server.Who(good)).Status);
        await server.Refuses(bad, "another audience");
        await server.Refuses(provider.Token(new() { ["iss"] = "https://marian-tolley.example" }), "another issuer");
        foreach (var word in new[] { "marian-tolley", "Marian Tolley", good, bad, good.Split('.')[1], bad.Split('.')[1], "marian.example" })
            Assert.DoesNotContain(word, server.Log, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual("", server.Log);
    }
}
