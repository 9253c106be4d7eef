using FhirCarePlan.Server.Settings;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace FhirCarePlan.Server.Authentication;

/// <summary>Whose tokens are accepted: those of the configured authority, or in Development those of the built-in issuer; never both.
/// Whatever endpoint does not say that it is anonymous needs a token.</summary>
public static class TokenSetup
{
    private static readonly string[] Algorithms = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSha384];

    /// <summary>How far the clock of an issuer may be ahead of ours. A token's end is kept to the second.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(30);

    /// <param name="clock">Of the machine: a token's life is real time, even where the clock of care stands still (`Clock:Fixed`).</param>
    public static void AddTokens(this IServiceCollection services, AuthenticationSettings settings, TimeProvider clock)
    {
        services.AddSingleton(settings);
        services.AddSingleton(new TokenCache(clock));
        services.AddSingleton<CallerReader>();
        services.AddSingleton(_ => new DevIssuer(clock));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<JwtBearerOptions>, JwtBearerPostConfigureOptions>());
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddScheme<JwtBearerOptions, BearerTokens>(JwtBearerDefaults.AuthenticationScheme, null, _ => { });
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<IServiceProvider>((options, provider) => Configure(options, settings, clock, provider));
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    private static void Configure(JwtBearerOptions options, AuthenticationSettings settings, TimeProvider clock, IServiceProvider provider)
    {
        options.MapInboundClaims = false;
        options.TokenValidationParameters = new()
        {
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidAudience = settings.Audience,
            LifetimeValidator = (from, to, _, _) => IsAlive(from, to, clock.GetUtcNow()),
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

    internal static bool IsAlive(DateTime? from, DateTime? to, DateTimeOffset now) =>
        to > now.UtcDateTime && (from is null || from <= now.UtcDateTime + Ahead);
}
