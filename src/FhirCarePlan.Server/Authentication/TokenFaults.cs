using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirCarePlan.Server.Authentication;

/// <summary>What is wrong with a token that was not believed, from what the framework found and what the token says of itself.</summary>
/// <param name="clock">That of tokens: real time.</param>
public sealed class TokenFaults(TimeProvider clock)
{
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(30);
    private static readonly JsonWebTokenHandler Reader = new();
    private long loggedAt = long.MinValue;

    /// <summary>Null when it is no signed JWT.</summary>
    public static JsonWebToken? Read(string token)
    {
        try
        {
            return Reader.CanReadToken(token) && token.Count(c => c == '.') == 2 ? Reader.ReadJsonWebToken(token) : null;
        }
        catch (Exception broken) when (broken is ArgumentException or FormatException or System.Text.Json.JsonException or SecurityTokenException)
        {
            return null;
        }
    }

    public TokenFault Of(JsonWebToken token, Exception? failure, ITokenProvider provider) => failure switch
    {
        // A token of somebody else's is that before it is anything else.
        SecurityTokenInvalidAudienceException => provider.Issuer(token) ?? TokenFault.Audience,
        SecurityTokenInvalidIssuerException => provider.Issuer(token) ?? TokenFault.Issuer,
        SecurityTokenNoExpirationException => TokenFault.NoEnd,
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNotYetValidException => OfTime(token),
        SecurityTokenException => provider.Issuer(token) ?? TokenFault.Signature,
        // The library of Entra ID finds neither an app role nor a scope.
        _ => provider.Issuer(token) ?? provider.Refuse(token) ?? TokenFault.Signature,
    };

    private TokenFault OfTime(JsonWebToken token)
    {
        var now = clock.GetUtcNow();
        return token.ValidTo == DateTime.MinValue ? TokenFault.NoEnd
            : token.ValidTo <= now.UtcDateTime ? TokenFault.Expired
            : token.ValidFrom != DateTime.MinValue && !TokenSetup.IsAlive(token.ValidFrom, token.ValidTo, now) ? TokenFault.NotYet
            : TokenFault.TooLong;
    }

    /// <summary>Every request meets it; the log says it twice a minute.</summary>
    public void NoteAway(ILogger log, Exception unreachable)
    {
        var now = clock.GetUtcNow().UtcTicks;
        var before = Interlocked.Read(ref loggedAt);
        if ((before == long.MinValue || now - before >= LogEvery.Ticks) && Interlocked.CompareExchange(ref loggedAt, now, before) == before)
            log.ProviderAway(unreachable.GetType().Name, unreachable.InnerException?.GetType().Name);
    }
}

internal static partial class TokenLog
{
    [LoggerMessage(Level = LogLevel.Error,
        Message = "Tokens cannot be checked, and callers get 503: the provider of tokens does not answer as it should ({Exception}, {Inner})")]
    public static partial void ProviderAway(this ILogger log, string exception, string? inner);
}
