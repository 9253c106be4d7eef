namespace FhirCarePlan.Server.Settings;

/// <summary>As whom this service asks another one. https://www.rfc-editor.org/rfc/rfc6749#section-4.4</summary>
/// <param name="Token">The token endpoint.</param>
/// <param name="Scope">Null: what the provider gives without being asked.</param>
public sealed record CredentialSettings(string Token, string ClientId, string ClientSecret, string? Scope)
{
    /// <summary>Null if none of the settings is given.</summary>
    internal static CredentialSettings? Read(SettingsReader read, string under)
    {
        var address = read.Text($"{under}:Endpoint");
        var client = read.Text($"{under}:ClientId");
        var secret = read.Text($"{under}:ClientSecret");
        var scope = read.Text($"{under}:Scope");
        if ((address ?? client ?? secret ?? scope) is null) return null;
        if (address is null) read.Fault($"Setting {under}:Endpoint is missing: where tokens are fetched");
        else if (!AuthenticationSettings.IsAddress(address, read.IsDevelopment)) read.Fault($"Setting {under}:Endpoint is `{address}`; it must be an https address");
        if (client is null) read.Fault($"Setting {under}:ClientId is missing");
        if (secret is null) read.Fault($"Setting {under}:ClientSecret is missing");
        return new(address ?? "", client ?? "", secret ?? "", scope);
    }

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{ClientId} at {Token}";
}
