namespace FhirCarePlan.Server.Settings;

/// <summary>`Authentication:Introspection:…`: the provider is asked whether a token is still good. https://www.rfc-editor.org/rfc/rfc7662</summary>
/// <param name="Address">Null: the provider's document names it.</param>
/// <param name="Cache">How long an answer counts: so long a revoked token may still be accepted.</param>
public sealed record IntrospectionSettings(string? Address, string ClientId, string ClientSecret, TimeSpan Cache)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Null unless `Authentication:Introspection:Enabled` is set.</summary>
    internal static IntrospectionSettings? Read(SettingsReader read, TokenProvider provider)
    {
        var isOn = read.Flag("Authentication:Introspection:Enabled");
        var address = read.Text("Authentication:Introspection:Address");
        var client = read.Text("Authentication:Introspection:ClientId");
        var secret = read.Text("Authentication:Introspection:ClientSecret");
        var cache = read.Duration("Authentication:Introspection:Cache", TimeSpan.FromSeconds(30));
        if (!isOn)
        {
            if ((address ?? client ?? secret) is not null) read.Fault("Settings of Authentication:Introspection are given, and Authentication:Introspection:Enabled is not `true`");
            return null;
        }
        if (provider != TokenProvider.OpenIdConnect) read.Fault("Setting Authentication:Introspection:Enabled is for the provider `OpenIdConnect`; the others offer no introspection");
        if (address is not null && !AuthenticationSettings.IsAddress(address, read.IsDevelopment))
            read.Fault($"Setting Authentication:Introspection:Address is `{address}`; it must be an https address");
        if (client is null) read.Fault("Setting Authentication:Introspection:ClientId is missing: as whom this server asks the provider");
        if (secret is null) read.Fault("Setting Authentication:Introspection:ClientSecret is missing");
        if (cache > Longest) read.Fault($"Setting Authentication:Introspection:Cache is `{cache}`; it must be at most `{Longest}`");
        return new(address, client ?? "", secret ?? "", cache);
    }
}
