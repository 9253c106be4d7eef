using FhirCarePlan.Server.Settings;
using Microsoft.Extensions.Configuration;

namespace FhirCarePlan.Server.Tests.Settings;

/// <summary>The provider of tokens as it is set, whole or with faults.</summary>
public class ProviderSettingsTests
{
    private const string One = "11111111-1111-4111-8111-111111111111", Two = "22222222-2222-4222-8222-222222222222", Api = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";

    private static (AuthenticationSettings Settings, IReadOnlyList<string> Faults) Read(bool isDevelopment, params (string Name, string Value)[] values)
    {
        var read = new SettingsReader(new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Name, (string?)v.Value))).Build(), isDevelopment, Places.Here());
        var settings = AuthenticationSettings.Read(read);
        read.RefuseOthers();
        return (settings, read.Faults);
    }

    private static (string, string)[] Entra(params (string, string)[] more) => [("Authentication:Provider", "EntraId"), ("AzureAd:ClientId", Api), .. more];

    [Fact]
    public void Entra_ID_by_its_usual_section()
    {
        var (settings, faults) = Read(false, Entra(("AzureAd:TenantId", One), ("AzureAd:Instance", "https://login.microsoftonline.com/"), ("AzureAd:Domain", "care.example"), ("AzureAd:CallbackPath", "/signin")));
        Assert.Equal([], faults);
        Assert.Equal(($"https://login.microsoftonline.com/{One}/v2.0", "azp appid", "roles"), (settings.Issuer, settings.Claims.Client, settings.Claims.Role));
        Assert.Equal([Api, $"api://{Api}"], settings.Entra!.Audiences);
        Assert.Equal([One], settings.Entra.Tenants);
        Assert.False(settings.HasDevIssuer);
    }

    [Fact]
    public void Several_tenants_that_are_listed()
    {
        var (settings, faults) = Read(false, Entra(("AzureAd:TenantId", "organizations"), ("Authentication:Tenants:0", One), ("Authentication:Tenants:1", Two), ("AzureAd:Audience", "api://care")));
        Assert.Equal([], faults);
        Assert.Equal([One, Two], settings.Entra!.Tenants);
        Assert.Equal(["api://care"], settings.Entra.Audiences);
    }

    [Theory]
    [InlineData("Setting AzureAd:TenantId is `care.example`; it must be the tenant's id", "AzureAd:TenantId", "care.example")]
    [InlineData("Setting AzureAd:TenantId is `common`, which is any tenant at all", "AzureAd:TenantId", "common")]
    [InlineData("Setting Authentication:Tenants has `care`; it must list ids of tenants", "AzureAd:TenantId", "common", "Authentication:Tenants", "care")]
    [InlineData("Setting Authentication:Tenants lists other tenants than AzureAd:TenantId", "AzureAd:TenantId", One, "Authentication:Tenants", Two)]
    [InlineData("Setting AzureAd:Instance is `http://login.example`; it must be an https address", "AzureAd:TenantId", One, "AzureAd:Instance", "http://login.example/")]
    [InlineData("Setting Authentication:Authority is for the provider `OpenIdConnect`; the provider is `EntraId`", "AzureAd:TenantId", One, "Authentication:Authority", "https://login.example")]
    [InlineData("Setting Authentication:Introspection:Enabled is for the provider `OpenIdConnect`", "AzureAd:TenantId", One, "Authentication:Introspection:Enabled", "true", "Authentication:Introspection:ClientId", "a", "Authentication:Introspection:ClientSecret", "b")]
    [InlineData("Setting AzureAd:ClientSecret is not known", "AzureAd:TenantId", One, "AzureAd:ClientSecret", "x")]
    public void Faults_of_Entra_ID(string sentence, params string[] values)
    {
        var (_, faults) = Read(false, Entra([.. values.Chunk(2).Select(p => (p[0], p[1]))]));
        Assert.StartsWith(sentence, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Setting Authentication:Provider is `Development`; outside Development it must be", "Authentication:Provider", "Development")]
    [InlineData("Setting Authentication:Introspection:ClientSecret is missing", "Authentication:Authority", "https://id.example", "Authentication:Audience", "us", "Authentication:Introspection:Enabled", "true", "Authentication:Introspection:ClientId", "a")]
    [InlineData("Setting Authentication:Introspection:Cache is `00:06:00`; it must be at most `00:05:00`", "Authentication:Authority", "https://id.example", "Authentication:Audience", "us", "Authentication:Introspection:Enabled", "true", "Authentication:Introspection:ClientId", "a", "Authentication:Introspection:ClientSecret", "b", "Authentication:Introspection:Cache", "00:06:00")]
    [InlineData("Setting Authentication:Mapping:Role:0:Is is missing: an entry has Claim, Value and Is", "Authentication:Authority", "https://id.example", "Authentication:Audience", "us", "Authentication:Mapping:Role:0:Claim", "roles", "Authentication:Mapping:Role:0:Value", "Nurse")]
    [InlineData("Setting Authentication:Mapping:Role:1 gives `Nurse` of `roles` a second meaning: `cpn` and `gp`", "Authentication:Authority", "https://id.example", "Authentication:Audience", "us",
        "Authentication:Mapping:Role:0:Claim", "roles", "Authentication:Mapping:Role:0:Value", "Nurse", "Authentication:Mapping:Role:0:Is", "cpn",
        "Authentication:Mapping:Role:1:Claim", "roles", "Authentication:Mapping:Role:1:Value", "Nurse", "Authentication:Mapping:Role:1:Is", "gp")]
    [InlineData("Setting Authentication:Mapping:Role:0:Values is not known", "Authentication:Authority", "https://id.example", "Authentication:Audience", "us",
        "Authentication:Mapping:Role:0:Claim", "roles", "Authentication:Mapping:Role:0:Value", "Nurse", "Authentication:Mapping:Role:0:Is", "cpn", "Authentication:Mapping:Role:0:Values", "Doctor")]
    public void Faults_of_others(string sentence, params string[] values) =>
        Assert.StartsWith(sentence, Assert.Single(Read(false, [.. values.Chunk(2).Select(p => (p[0], p[1]))]).Faults), StringComparison.Ordinal);
}
