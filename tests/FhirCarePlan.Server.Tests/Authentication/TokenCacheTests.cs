using System.Security.Claims;
using FhirCarePlan.Server.Authentication;
using Microsoft.AspNetCore.Authentication;

namespace FhirCarePlan.Server.Tests.Authentication;

public class TokenCacheTests
{
    private readonly HandClock clock = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly TokenCache cache;

    public TokenCacheTests() => cache = new(clock);

    private static AuthenticateResult Somebody() => AuthenticateResult.Success(new(new ClaimsPrincipal(), "test"));

    [Fact]
    public void Knows_a_token_until_it_expires_to_the_tick()
    {
        var result = Somebody();
        cache.Add("token", result, clock.Now.AddMinutes(1));
        clock.Now += TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1);
        Assert.Same(result, cache.Find("token"));
        Assert.Null(cache.Find("Token"));
        clock.Now += TimeSpan.FromTicks(1);
        Assert.Null(cache.Find("token"));
    }

    [Fact]
    public void Asks_again_after_five_minutes_whatever_the_token_says()
    {
        cache.Add("token", Somebody(), clock.Now.AddHours(8));
        clock.Now += TokenCache.Longest;
        Assert.Null(cache.Find("token"));
    }

    [Fact]
    public void Never_grows_beyond_its_limit_and_forgets_the_expired_first()
    {
        var kept = Somebody();
        cache.Add("kept", kept, clock.Now.AddMinutes(4));
        for (var i = 1; i < TokenCache.Limit; i++) cache.Add($"t{i}", Somebody(), clock.Now.AddMinutes(1));
        clock.Now += TimeSpan.FromMinutes(2);
        cache.Add("one more", Somebody(), clock.Now.AddMinutes(1));
        Assert.Same(kept, cache.Find("kept"));
        for (var i = 0; i < TokenCache.Limit; i++) cache.Add($"u{i}", Somebody(), clock.Now.AddMinutes(1));
        Assert.Null(cache.Find("kept"));
        Assert.NotNull(cache.Find($"u{TokenCache.Limit - 1}"));
    }
}
