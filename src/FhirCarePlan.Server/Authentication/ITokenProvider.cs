using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FhirCarePlan.Server.Authentication;

/// <summary>Who gives the tokens that are accepted. There is one file for each: DevIssuer, OpenIdProvider, EntraProvider; NoProvider where
/// nobody does.</summary>
public interface ITokenProvider
{
    /// <summary>Where a caller gets a token: a sentence for a refusal.</summary>
    string Source { get; }

    /// <summary>The audience that a token must have, for a refusal.</summary>
    string Audience { get; }

    /// <summary>The provider's own document of addresses and keys; null where keys are at hand.</summary>
    ProviderDocument? Document { get; }

    /// <summary>What the framework must find in a token, besides what holds for every provider (TokenSetup).</summary>
    void Trust(JwtBearerOptions options);

    /// <summary>What is wrong with the issuer of a token that was refused; null when it is one whose tokens are accepted.</summary>
    TokenFault? Issuer(JsonWebToken token);

    /// <summary>What this provider's tokens must have besides, of a token that the framework believes; null when all is well.</summary>
    TokenFault? Refuse(JsonWebToken token) => null;
}
