using System.Globalization;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Authentication;

/// <summary>A 401 that says why, or a 503 when the provider of tokens is away. Nothing of the token is repeated.
/// https://www.rfc-editor.org/rfc/rfc6750#section-3</summary>
public sealed class TokenRefusals(AuthenticationSettings settings, ITokenProvider provider)
{
    private const int AskAgain = 10;

    /// <summary>Of the request whose token was looked at.</summary>
    public Answer Of(HttpContext http) => Of(http.Features.Get<Found>()?.Fault ?? TokenFault.Missing);

    public Answer Of(TokenFault fault)
    {
        if (fault == TokenFault.ProviderAway) return Away;
        var text = Text(fault);
        var isToken = fault is not (TokenFault.Missing or TokenFault.OtherScheme);
        var code = fault == TokenFault.Expired ? IssueType.Expired : IssueType.Login;
        return Answer.Refuse(AnswerKind.NotAuthenticated, code, text, key: isToken ? InvalidToken : "token") with
        {
            Challenge = isToken ? $"{Realm}, error=\"{InvalidToken}\", error_description=\"{Quotable(text)}\"" : Realm,
        };
    }

    private const string InvalidToken = "invalid_token", Realm = "Bearer realm=\"fhir\"";

    private static Answer Away { get; } = Answer.Refuse(AnswerKind.Unavailable, IssueType.Transient,
        "Tokens cannot be checked just now: their provider does not answer. Your token may be good; "
            + $"send the request again in {AskAgain} seconds.", key: "provider-unavailable") with
    { RetryAfter = AskAgain };

    /// <summary>Remembered for whoever answers the request.</summary>
    internal static void Note(HttpContext http, TokenFault fault) => http.Features.Set(new Found(fault));

    private sealed record Found(TokenFault Fault);

    private string Text(TokenFault fault) => fault switch
    {
        TokenFault.Missing => $"This request has no token. Send `Authorization: Bearer TOKEN`. {Source}",
        TokenFault.OtherScheme => $"The Authorization header uses another scheme. Send `Authorization: Bearer TOKEN`. {Source}",
        TokenFault.Malformed => "The token is malformed: the Authorization header must hold one signed JWT after `Bearer`.",
        TokenFault.Expired => "The token has expired. Ask for a new one.",
        TokenFault.NotYet => "The token is not valid yet (`nbf`). Check the clock of the provider.",
        TokenFault.TooLong => $"The token is good for too long: at most {Longest} is accepted. Ask for a shorter one.",
        TokenFault.NoEnd => "The token has no end (`exp`). Ask for one that expires.",
        TokenFault.Audience => $"The token is meant for another audience: `aud` must be `{provider.Audience}`.",
        TokenFault.Issuer => $"The token is from another issuer. {Source}",
        TokenFault.Tenant => "The token is from a tenant whose tokens this server does not accept. Your governance lead can ask for it to be listed.",
        TokenFault.NoRights => "The token has neither an app role (`roles`) nor a scope (`scp`). Have an app role of this API given to you or your client.",
        TokenFault.Unmapped => $"The token does not say who you are in the words that this server knows. It looks for {Mapped}. Ask the provider's administrator.",
        TokenFault.Ambiguous => $"The token says several things at once. Exactly one must be said for each of {Mapped}. Ask the provider's administrator.",
        TokenFault.User => "The token's `fhirUser` does not agree with the party of its client, or with its other claims.",
        TokenFault.Revoked => "Your provider has withdrawn this token. Ask it for a new one.",
        _ => $"The token's signature does not verify with the keys of its issuer. {Source}",
    };

    private string Longest => settings.LongestLife.ToString("c", CultureInfo.InvariantCulture);

    private string Source => provider.Source;

    /// <summary>`party (claim tid), role (claim roles)`: names of the configuration alone.</summary>
    private string Mapped => string.Join(", ", new[] { ("party", settings.Mapping.Party), ("role", settings.Mapping.Role), ("purpose", settings.Mapping.Purpose) }
        .Where(m => m.Item2.Count > 0).Select(m => $"{m.Item1} (claim {string.Join(", ", m.Item2.Select(r => $"`{r.Claim}`").Distinct())})"));

    /// <summary>What RFC 6750 allows in a description: ASCII without quotation marks and backslashes.</summary>
    private static string Quotable(string text) => string.Concat(text.Select(c => c is '"' or '\\' ? '\'' : c is >= ' ' and <= '~' ? c : '?'));
}
