namespace FhirCarePlan.Server.Settings;

/// <summary>Who gives the tokens that are accepted.</summary>
public enum TokenProvider
{
    /// <summary>The built-in issuer of Development.</summary>
    Development,
    /// <summary>Any OpenID provider: NHS CIS2, Keycloak and others.</summary>
    OpenIdConnect,
    /// <summary>Microsoft Entra ID, by its usual section `AzureAd`.</summary>
    EntraId,
}

/// <summary>What becomes of a token without scopes of SMART.</summary>
public enum ScopePolicy { Optional, Required }

/// <summary>Whose tokens are believed, and which of their claims says what.</summary>
public sealed record AuthenticationSettings
{
    /// <summary>Address of an OpenID provider; null for another provider.</summary>
    public string? Authority { get; init; }
    /// <summary>The audience of the provider's tokens.</summary>
    public string? Audience { get; init; }
    /// <summary>Null for another provider.</summary>
    public EntraSettings? Entra { get; init; }
    /// <summary>The built-in issuer is on: Development, no other provider, and the server is reachable from this machine alone.</summary>
    public bool HasDevIssuer { get; init; }
    /// <summary>`Authentication:LongestLife`: a token that is good for longer is refused, so that a stolen one, or a caller whose rights
    /// were ended at the provider, is soon out.</summary>
    public TimeSpan LongestLife { get; init; } = TimeSpan.FromHours(12);
    /// <summary>`Authentication:ProviderTimeout`: the longest that a request waits for the provider.</summary>
    public TimeSpan ProviderTimeout { get; init; } = TimeSpan.FromSeconds(5);
    public ScopePolicy Scopes { get; init; }
    public ClaimNames Claims { get; init; } = new();
    public ClaimMapping Mapping { get; init; } = new();
    /// <summary>Null: tokens are good until they end.</summary>
    public IntrospectionSettings? Introspection { get; init; }

    /// <summary>Where tokens come from, for people; null for the built-in issuer, or nobody.</summary>
    public string? Issuer => Authority ?? Entra?.Authority;

    internal static AuthenticationSettings Read(SettingsReader read)
    {
        var authority = read.Text("Authentication:Authority");
        var audience = read.Text("Authentication:Audience");
        var isNamed = read.Text("Authentication:Provider") is not null;
        var provider = read.Choice("Authentication:Provider",
            authority is not null || !read.IsDevelopment ? TokenProvider.OpenIdConnect : TokenProvider.Development);
        var entra = EntraSettings.Read(read, provider == TokenProvider.EntraId);
        if (provider == TokenProvider.Development) RefuseElsewhere(read);
        if (provider == TokenProvider.OpenIdConnect) CheckOpenId(read, authority, audience);
        else if (isNamed && (authority ?? audience) is not null)
            read.Fault($"Setting Authentication:{(authority is not null ? "Authority" : "Audience")} is for the provider `OpenIdConnect`; the provider is `{provider}`");
        return new()
        {
            Authority = provider == TokenProvider.OpenIdConnect ? authority : null,
            Audience = provider == TokenProvider.OpenIdConnect ? audience : null,
            Entra = entra,
            HasDevIssuer = read.IsDevelopment && provider == TokenProvider.Development && Bindings.AreLoopback(read.Configuration),
            LongestLife = read.Duration("Authentication:LongestLife", TimeSpan.FromHours(12)),
            ProviderTimeout = read.Duration("Authentication:ProviderTimeout", TimeSpan.FromSeconds(5)),
            Scopes = read.Choice("Authentication:Scopes", ScopePolicy.Optional),
            Claims = ClaimNames.Read(read, provider == TokenProvider.EntraId ? ClaimNames.OfEntra : new()),
            Mapping = ClaimMapping.Read(read),
            Introspection = IntrospectionSettings.Read(read, provider),
        };
    }

    private static void RefuseElsewhere(SettingsReader read)
    {
        if (!read.IsDevelopment) read.Fault("Setting Authentication:Provider is `Development`; outside Development it must be `OpenIdConnect` or `EntraId`");
    }

    private static void CheckOpenId(SettingsReader read, string? authority, string? audience)
    {
        if (authority is null) read.Fault("Setting Authentication:Authority is missing: the address of the OpenID provider whose tokens are accepted");
        else if (!IsAddress(authority, read.IsDevelopment)) read.Fault($"Setting Authentication:Authority is `{authority}`; it must be an https address");
        if (authority is not null && audience is null) read.Fault("Setting Authentication:Audience is missing: the audience that a token must have");
    }

    internal static bool IsAddress(string text, bool isDevelopment) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || isDevelopment && uri.Scheme == "http");
}
