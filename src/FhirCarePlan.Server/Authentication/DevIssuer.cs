using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirCarePlan.Server.Authentication;

/// <summary>Development's own issuer of tokens for the personas. Its key lives as long as the process, so no other server believes
/// it.</summary>
public sealed class DevIssuer(TimeProvider clock) : ITokenProvider
{
    public const string Issuer = "dev", Audience = "fhircareplan";
    public static TimeSpan Lifetime { get; } = TimeSpan.FromHours(8);

    private readonly SigningCredentials signing =
        new(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = Guid.NewGuid().ToString("N") },
            SecurityAlgorithms.EcdsaSha256);

    public string Source => "In Development, POST to /dev/token gives one.";
    string ITokenProvider.Audience => Audience;
    public ProviderDocument? Document => null;

    TokenFault? ITokenProvider.Issuer(JsonWebToken token) => token.Issuer == Issuer ? null : TokenFault.Issuer;

    public void Trust(JwtBearerOptions options)
    {
        var parameters = options.TokenValidationParameters;
        parameters.ValidIssuer = Issuer;
        parameters.ValidAudience = Audience;
        parameters.IssuerSigningKey = signing.Key;
    }

    /// <param name="smart">Scopes of SMART, to try how they narrow a view; null for none.</param>
    public string Issue(Persona persona, string purpose, DevScopes? smart = null)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object>
        {
            ["sub"] = persona.Id,
            ["client_id"] = persona.Id,
            ["role"] = persona.Role,
            ["purpose"] = purpose,
            ["jti"] = Guid.NewGuid().ToString("N"),
        };
        if (persona.Organization is { } organization) claims["organization"] = organization;
        if (persona.PractitionerRole is { } practitioner) claims["practitioner_role"] = practitioner;
        if (persona.Patient is { } patient) claims["patient"] = patient;
        if (persona.RelatedPerson is { } related) claims["related_person"] = related;
        smart?.AddTo(claims, persona);
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer, Audience = Audience, IssuedAt = now, NotBefore = now, Expires = now + Lifetime, Claims = claims,
            SigningCredentials = signing,
        });
    }
}
