using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FhirCarePlan.Server.Authentication;

/// <summary>Development on an address that others can reach, without a provider: nobody's tokens are accepted.</summary>
internal sealed class NoProvider : ITokenProvider
{
    public string Source => "This server accepts nobody's tokens: setting Authentication:Authority names a provider.";
    public string Audience => "";
    public ProviderDocument? Document => null;

    public void Trust(JwtBearerOptions options) { }
    public TokenFault? Issuer(JsonWebToken token) => TokenFault.Issuer;
}
