using FhirCarePlan.Server.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Identity.Web;
using Microsoft.IdentityModel.Abstractions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Logging;
using Microsoft.IdentityModel.Tokens;

namespace FhirCarePlan.Server.Authentication;

/// <summary>Microsoft Entra ID, by Microsoft.Identity.Web: people and daemons of the tenants that are listed, and of no other. The library is
/// loaded only where this provider is chosen. https://learn.microsoft.com/entra/identity-platform/access-tokens</summary>
internal sealed class EntraProvider(EntraSettings settings, ProviderDocument document) : ITokenProvider
{
    private const string Tenant = "{tenantid}", PublicCloud = "https://login.microsoftonline.com", FirstVersion = $"https://sts.windows.net/{Tenant}/";

    public string Source => $"Tokens come from {settings.Authority}.";
    public string Audience => settings.Audiences[0];
    public ProviderDocument? Document => document;

    public static string AddressOf(EntraSettings settings) => $"{settings.Authority}/.well-known/openid-configuration";

    public static void AddScheme(AuthenticationBuilder builder, EntraSettings settings)
    {
        builder.AddMicrosoftIdentityWebApi(_ => { }, options =>
        {
            options.Instance = $"{settings.Instance}/";
            options.TenantId = settings.TenantId;
            options.ClientId = settings.ClientId;
        });
        builder.Services.Configure<AuthenticationOptions>(options => options.SchemeMap[JwtBearerDefaults.AuthenticationScheme].HandlerType = typeof(BearerTokens));
        builder.Services.AddTransient<BearerTokens>();
    }

    public void Trust(JwtBearerOptions options)
    {
        // The library has set its own log, which repeats claims of tokens that nobody has checked.
        LogHelper.Logger = NullIdentityModelLogger.Instance;
        var parameters = options.TokenValidationParameters;
        parameters.ValidAudiences = settings.Audiences;
        parameters.IssuerValidator = (issuer, token, _) => IsListed(issuer, token as JsonWebToken) ? issuer
            : throw new SecurityTokenInvalidIssuerException("not an issuer whose tokens are accepted");
        // The library's own check needs a document of the library's; this one reads ours.
        parameters.IssuerSigningKeyValidatorUsingConfiguration = null;
        parameters.IssuerSigningKeyValidator = (key, token, _) => IsKeyOfIssuer(key, token as JsonWebToken);
    }

    public TokenFault? Issuer(JsonWebToken token) =>
        IsListed(token.Issuer, token) ? null
        : TenantOf(token) is { } tenant && !settings.Tenants.Contains(tenant, StringComparer.OrdinalIgnoreCase) ? TokenFault.Tenant : TokenFault.Issuer;

    /// <summary>A client to whom nobody has given an app role or a scope here may still get a token: such a token is worth nothing.</summary>
    public TokenFault? Refuse(JsonWebToken token) =>
        token.Claims.Any(c => c.Type is "roles" or "scp" && c.Value.Length > 0) ? null : TokenFault.NoRights;

    private bool IsListed(string issuer, JsonWebToken? token) =>
        token is not null && TenantOf(token) is { } tenant && settings.Tenants.Contains(tenant, StringComparer.OrdinalIgnoreCase)
        && Templates().Any(template => template.Replace(Tenant, tenant, StringComparison.Ordinal) == issuer);

    /// <summary>The issuer that the document names, for one tenant or for many, and that of tokens of version 1.</summary>
    private IEnumerable<string> Templates()
    {
        if (document.Known?.Issuer is { Length: > 0 } issuer) yield return issuer;
        if (settings.Instance == PublicCloud) yield return FirstVersion;
    }

    /// <summary>The document of many tenants says of a key whose tokens it signs.</summary>
    private bool IsKeyOfIssuer(SecurityKey key, JsonWebToken? token)
    {
        if (token is null || TenantOf(token) is not { } tenant) return false;
        foreach (var known in document.Known?.JsonWebKeySet?.Keys ?? [])
            if (known.Kid == key.KeyId && known.AdditionalData.TryGetValue("issuer", out var of))
                return of?.ToString() is { } stated && (stated.Replace(Tenant, tenant, StringComparison.Ordinal) == token.Issuer || Templates().Contains(stated));
        return true;
    }

    private static string? TenantOf(JsonWebToken token) => token.TryGetPayloadValue<string>("tid", out var tenant) ? tenant : null;
}
