namespace FhirCarePlan.Server.Settings;

/// <summary>The section `AzureAd` as Microsoft.Identity.Web knows it, as far as an API needs it, and `Authentication:Tenants`.
/// https://learn.microsoft.com/entra/identity-platform/scenario-protected-web-api-app-configuration</summary>
/// <param name="Instance">Without a slash at the end.</param>
/// <param name="TenantId">A tenant's id, or one of the words for many tenants.</param>
/// <param name="Audiences">Those that a token may have.</param>
/// <param name="Tenants">Ids of the tenants whose tokens are accepted, never empty.</param>
public sealed record EntraSettings(string Instance, string TenantId, string ClientId, IReadOnlyList<string> Audiences, IReadOnlyList<string> Tenants)
{
    private static readonly string[] Many = ["common", "organizations", "consumers"];

    public string Authority => $"{Instance}/{TenantId}/v2.0";

    /// <summary>Null for another provider.</summary>
    internal static EntraSettings? Read(SettingsReader read, bool isChosen)
    {
        var instance = read.Text("AzureAd:Instance")?.TrimEnd('/') ?? "https://login.microsoftonline.com";
        var tenant = read.Text("AzureAd:TenantId");
        var client = read.Text("AzureAd:ClientId");
        var audiences = (read.List("AzureAd:Audiences") ?? []).ToList();
        if (read.Text("AzureAd:Audience") is { } audience) audiences.Add(audience);
        // In every template, and of no use to an API.
        _ = read.Text("AzureAd:Domain");
        _ = read.Text("AzureAd:CallbackPath");
        _ = read.Text("AzureAd:Scopes");
        var tenants = read.List("Authentication:Tenants") ?? [];
        if (!isChosen)
        {
            if (tenants.Count > 0) read.Fault("Setting Authentication:Tenants is for the provider `EntraId`");
            return null;
        }
        if (!AuthenticationSettings.IsAddress(instance, read.IsDevelopment)) read.Fault($"Setting AzureAd:Instance is `{instance}`; it must be an https address");
        if (client is null) read.Fault("Setting AzureAd:ClientId is missing: the id of this API's app registration");
        CheckTenants(read, tenant, tenants);
        if (audiences.Count == 0 && client is not null) audiences = [client, $"api://{client}"];
        return new(instance, tenant ?? "", client ?? "", audiences, tenants.Count > 0 ? tenants : [tenant ?? ""]);
    }

    private static void CheckTenants(SettingsReader read, string? tenant, IReadOnlyList<string> tenants)
    {
        if (tenants.FirstOrDefault(t => !Guid.TryParse(t, out _)) is { } wrong)
            read.Fault($"Setting Authentication:Tenants has `{wrong}`; it must list ids of tenants, such as `72f988bf-86f1-41af-91ab-2d7cd011db47`");
        if (tenant is null) read.Fault("Setting AzureAd:TenantId is missing: the id of the tenant whose tokens are accepted");
        else if (Many.Contains(tenant))
        {
            if (tenants.Count == 0) read.Fault($"Setting AzureAd:TenantId is `{tenant}`, which is any tenant at all; Authentication:Tenants must list those whose tokens are accepted");
        }
        else if (!Guid.TryParse(tenant, out _))
            read.Fault($"Setting AzureAd:TenantId is `{tenant}`; it must be the tenant's id, since a token names its tenant by the id");
        else if (tenants.Count > 0 && (tenants.Count > 1 || tenants[0] != tenant))
            read.Fault("Setting Authentication:Tenants lists other tenants than AzureAd:TenantId; for several, AzureAd:TenantId must be `organizations`");
    }
}
