using FhirCarePlan.Server.Settings;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace FhirCarePlan.Server.Authentication;

/// <summary>Which tokens are accepted: those of the configured authority, or in Development those of the built-in issuer; never both. An
/// endpoint that does not allow anonymous callers needs a token.</summary>
public static class TokenSetup
{
    private static readonly string[] Algorithms = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSha384];

    /// <summary>How far the clock of an issuer may be ahead of ours. A token's end is kept to the second.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(30);

    /// <param name="clock">Of the machine: a token's life is real time, even while `Clock:Fixed` stops the clock of care.</param>
    public static void AddTokens(this IServiceCollection services, AuthenticationSettings settings, TimeProvider clock)
    {
        services.AddSingleton(settings);
        services.AddSingleton(new TokenCache(clock));
        services.AddSingleton<CallerReader>();
        services.AddSingleton<TokenRefusals>();
        services.AddSingleton(new TokenFaults(clock));
        services.AddSingleton(_ => new DevIssuer(clock));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<JwtBearerOptions>, JwtBearerPostConfigureOptions>());
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddScheme<JwtBearerOptions, BearerTokens>(JwtBearerDefaults.AuthenticationScheme, null, _ => { });
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IServiceProvider>((options, provider) => Configure(options, settings, clock, provider))
            .PostConfigure(RefuseWithoutKeys);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    private static void Configure(JwtBearerOptions options, AuthenticationSettings settings, TimeProvider clock, IServiceProvider provider)
    {
        options.MapInboundClaims = false;
        // A provider that is silent keeps nobody waiting for a minute.
        options.BackchannelTimeout = TimeSpan.FromSeconds(10);
        options.TokenValidationParameters = new()
        {
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidAudience = settings.Audience,
            LifetimeValidator = (from, to, token, _) => IsAlive(from, to, clock.GetUtcNow()) && IsShort(Start(token) ?? from, to, clock.GetUtcNow(), settings.LongestLife),
        };
        if (settings.Authority is { } authority)
        {
            options.Authority = authority;
            options.Audience = settings.Audience;
            options.RequireHttpsMetadata = authority.StartsWith("https", StringComparison.OrdinalIgnoreCase);
        }
        else if (settings.HasDevIssuer)
            provider.GetRequiredService<DevIssuer>().Trust(options.TokenValidationParameters);
    }

    /// <summary>A document without keys (a page of maintenance, say) is not kept for half a day: the provider is asked again.</summary>
    private static void RefuseWithoutKeys(JwtBearerOptions options)
    {
        if (options.ConfigurationManager is not ConfigurationManager<OpenIdConnectConfiguration> framework) return;
        var documents = new HttpDocumentRetriever(options.Backchannel) { RequireHttps = options.RequireHttpsMetadata };
        options.ConfigurationManager = new ConfigurationManager<OpenIdConnectConfiguration>(framework.MetadataAddress,
            new OpenIdConnectConfigurationRetriever(), documents, new OpenIdConnectConfigurationValidator())
        {
            RefreshInterval = options.RefreshInterval,
            AutomaticRefreshInterval = options.AutomaticRefreshInterval,
        };
    }

    private static DateTime? Start(SecurityToken token) => token is JsonWebToken { IssuedAt: var at } && at != DateTime.MinValue ? at : null;

    /// <param name="from">When it was issued, otherwise its first valid moment; null for neither: then only its remaining time
    /// counts.</param>
    internal static bool IsShort(DateTime? from, DateTime? to, DateTimeOffset now, TimeSpan longest) =>
        to - now.UtcDateTime <= longest + Ahead && (from is null || to - from <= longest + Ahead);

    internal static bool IsAlive(DateTime? from, DateTime? to, DateTimeOffset now) =>
        to > now.UtcDateTime && (from is null || from <= now.UtcDateTime + Ahead);
}
