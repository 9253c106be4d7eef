using FhirCarePlan.Server.Settings;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FhirCarePlan.Server.Authentication;

/// <summary>Any OpenID provider: NHS CIS2, Keycloak and others. https://openid.net/specs/openid-connect-discovery-1_0.html</summary>
internal sealed class OpenIdProvider(AuthenticationSettings settings, ProviderDocument document) : ITokenProvider
{
    private readonly string authority = settings.Authority!;

    public string Source => $"Tokens come from {authority}.";
    public string Audience => settings.Audience!;
    public ProviderDocument? Document => document;

    public static string AddressOf(string authority) => $"{authority.TrimEnd('/')}/.well-known/openid-configuration";

    public void Trust(JwtBearerOptions options)
    {
        options.Authority = authority;
        options.TokenValidationParameters.ValidAudience = settings.Audience;
    }

    public TokenFault? Issuer(JsonWebToken token) => token.Issuer == document.Known?.Issuer ? null : TokenFault.Issuer;
}
