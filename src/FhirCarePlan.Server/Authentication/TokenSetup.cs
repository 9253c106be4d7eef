using FhirCarePlan.Server.Settings;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirCarePlan.Server.Authentication;

/// <summary>Which tokens are accepted: those of the one provider of the settings. An endpoint that does not allow anonymous callers needs a
/// token.</summary>
public static class TokenSetup
{
    private const string Scheme = JwtBearerDefaults.AuthenticationScheme;
    /// <summary>The provider as an HTTP client.</summary>
    private const string Provider = "provider of tokens";
    private const int LargestAnswer = 1 << 20;

    internal static readonly string[] Algorithms =
        [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSha384];

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
        services.AddSingleton(provider => ProviderOf(settings, clock, provider));
        services.AddSingleton<SmartConfiguration>();
        services.AddSingleton(provider => new Introspection(settings, provider.GetRequiredService<ITokenProvider>(), clock, () => Http(provider)));
        AddScheme(services, settings, clock);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    private static ITokenProvider ProviderOf(AuthenticationSettings settings, TimeProvider clock, IServiceProvider services)
    {
        if (settings.Entra is { } entra) return new EntraProvider(entra, Document(EntraProvider.AddressOf(entra)));
        if (settings.Authority is { } authority) return new OpenIdProvider(settings, Document(OpenIdProvider.AddressOf(authority)));
        return settings.HasDevIssuer ? services.GetRequiredService<DevIssuer>() : new NoProvider();

        ProviderDocument Document(string address) => new(address, settings.ProviderTimeout, clock, () => Http(services));
    }

    private static HttpClient Http(IServiceProvider services) => services.GetRequiredService<IHttpClientFactory>().CreateClient(Provider);

    private static void AddScheme(IServiceCollection services, AuthenticationSettings settings, TimeProvider clock)
    {
        var scheme = services.AddAuthentication(Scheme);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<JwtBearerOptions>, JwtBearerPostConfigureOptions>());
        // Before what a library adds, and the provider's own word after it.
        services.AddOptions<JwtBearerOptions>(Scheme).Configure<ITokenProvider>((options, provider) => Configure(options, settings, clock, provider));
        if (settings.Entra is { } entra) EntraProvider.AddScheme(scheme, entra);
        else scheme.AddScheme<JwtBearerOptions, BearerTokens>(Scheme, null, _ => { });
        services.AddOptions<JwtBearerOptions>(Scheme).PostConfigure<ITokenProvider>((options, provider) => provider.Trust(options));
        if (settings.Issuer is null) return;
        services.AddHostedService<ProviderWarmth>();
        // Its log would tell who is asked about, and how often.
        services.AddHttpClient(Provider, client =>
        {
            client.Timeout = settings.ProviderTimeout;
            client.MaxResponseContentBufferSize = LargestAnswer;
        }).RemoveAllLoggers();
    }

    private static void Configure(JwtBearerOptions options, AuthenticationSettings settings, TimeProvider clock, ITokenProvider provider)
    {
        options.MapInboundClaims = false;
        options.RefreshOnIssuerKeyNotFound = false;
        options.RequireHttpsMetadata = settings.Issuer?.StartsWith("https", StringComparison.OrdinalIgnoreCase) ?? true;
        options.ConfigurationManager = provider.Document;
        options.TokenValidationParameters = new()
        {
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (from, to, token, _) => IsAlive(from, to, clock.GetUtcNow()) && IsShort(Start(token) ?? from, to, clock.GetUtcNow(), settings.LongestLife),
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
