using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Server.Units;
using Microsoft.Extensions.Configuration;

namespace FhirCarePlan.Server.Tests.Settings;

public sealed class ServerSettingsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fcp-settings-").FullName;

    public ServerSettingsTests() => File.WriteAllText(Path.Combine(folder, "agreement.yaml"), "");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private (ServerSettings? Settings, IReadOnlyList<string> Faults) Read(bool isDevelopment, params (string Name, string Value)[] values) =>
        ServerSettings.Read(
            new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Name, (string?)v.Value))).Build(),
            isDevelopment, Places.From(folder, folder));

    private ServerSettings Development(params (string, string)[] values)
    {
        var (settings, faults) = Read(true, [("Sharing:Protocols", "agreement.yaml"), .. values]);
        Assert.Empty(faults);
        return settings!;
    }

    private string Fault(bool isDevelopment, params (string, string)[] values) =>
        Assert.Single(Read(isDevelopment, [("Sharing:Protocols", "agreement.yaml"), .. values]).Faults);

    [Fact]
    public void Development_needs_nothing_but_a_protocol()
    {
        var settings = Development();
        Assert.Equal(Path.Combine(folder, "agreement.yaml"), settings.Protocols);
        Assert.Equal(StorageEngine.Sqlite, settings.Storage.Engine);
        Assert.Equal($"Data Source={Path.Combine(folder, "data", "fhircareplan.db")}", settings.Storage.ConnectionString);
        Assert.Equal(Path.Combine(folder, "data"), settings.Storage.Folder);
        Assert.Equal(ProfilePolicy.Enforce, settings.Validation);
        Assert.False(settings.LoadsSamples);
        Assert.Null(settings.Types);
        Assert.True(settings.Authentication.HasDevIssuer);
    }

    [Fact]
    public void Outside_development_the_missing_settings_are_named_together()
    {
        var (settings, faults) = Read(false);
        Assert.Null(settings);
        Assert.Equal(4, faults.Count);
        Assert.Contains(faults, f => f.StartsWith("Setting Server:BaseUrl is missing", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.StartsWith("Setting Ledger:KeyFile is missing", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.StartsWith("Setting Sharing:Protocols is missing", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.StartsWith("Setting Authentication:Authority is missing", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Authentication:Authority", "https://id.example", "Setting Authentication:Audience is missing")]
    [InlineData("Authentication:Authority", "http://id.example", "Setting Authentication:Authority is `http://id.example`; it must be an https address")]
    [InlineData("Clock:Fixed", "2030-01-01", "Setting Clock:Fixed is for Development only")]
    [InlineData("Samples:Load", "true", "Setting Samples:Load is for Development only")]
    [InlineData("Limits:Heavvy", "1", "Setting Limits:Heavvy is not known; did you mean `Limits:Heavy`?")]
    [InlineData("Server:BaseUrl", "", "Setting Server:BaseUrl is missing")]
    public void Outside_development_refuses(string name, string value, string fault)
    {
        (string, string)[] enough = [("Authentication:Authority", "https://id.example"), ("Authentication:Audience", "us"), ("Server:BaseUrl", "https://care.example/fhir"), ("Ledger:Key", Key)];
        var given = name == "Authentication:Authority" && value.StartsWith("https", StringComparison.Ordinal) ? enough[2..] : enough.Where(e => e.Item1 != name);
        Assert.StartsWith(fault, Fault(false, [.. given, (name, value)]), StringComparison.Ordinal);
    }

    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    [Theory]
    [InlineData("Sharing:NotInForce", "Ignore", "Setting Sharing:NotInForce is `Ignore`; it must be one of `Refuse`, `Start`")]
    [InlineData("Sharing:Protocol", "agreement.yaml", "Setting Sharing:Protocol is not known; did you mean `Sharing:Protocols`?")]
    [InlineData("Storage:Engine", "Oracle", "Setting Storage:Engine is `Oracle`; it must be one of `Sqlite`, `Postgres`")]
    [InlineData("Storage:Engine", "1", "Setting Storage:Engine is `1`")]
    [InlineData("Storage:Engine", "Postgres", "Setting Storage:ConnectionString is missing")]
    [InlineData("Storage:ConnectionString", "no key", "Setting Storage:ConnectionString must have the shape")]
    [InlineData("Validation:Profiles", "Off", "Setting Validation:Profiles is `Off`; it must be one of `Enforce`, `Declared`")]
    [InlineData("Validation:SecondOpinion", "5", "Setting Validation:SecondOpinion is `5`; it must be a share between 0 and 1, such as `0.05` for one in twenty")]
    [InlineData("Validation:SecondOpinion", "-0.1", "Setting Validation:SecondOpinion is `-0.1`; it must be a share between 0 and 1, such as `0.05` for one in twenty")]
    [InlineData("Ledger:Key", "c2hvcnQ=", "Setting Ledger:Key must be at least 32 random bytes in base64")]
    [InlineData("Ledger:KeyFile", "gone.key", "Setting Ledger:KeyFile is `gone.key`; there is no such file or folder")]
    [InlineData("Samples:Load", "perhaps", "Setting Samples:Load is `perhaps`")]
    [InlineData("Server:BaseUrl", "care.example/fhir", "Setting Server:BaseUrl is `care.example/fhir`")]
    [InlineData("Server:AcceptedBaseUrls", "http://inside:5080/fhir inside", "Setting Server:AcceptedBaseUrls has `inside`")]
    [InlineData("Server:KnownProxies", "10.0.0.7, proxy", "Setting Server:KnownProxies has `proxy`")]
    [InlineData("Limits:AnswerBytes", "32MB", "Setting Limits:AnswerBytes is `32MB`; it must be a whole number from 1000")]
    [InlineData("Limits:Heavy", "0", "Setting Limits:Heavy is `0`; it must be a whole number from 1")]
    [InlineData("Authentication:LongestLife", "-1", "Setting Authentication:LongestLife is `-1`")]
    [InlineData("Authentication:Provider", "Okta", "Setting Authentication:Provider is `Okta`; it must be one of `Development`, `OpenIdConnect`, `EntraId`")]
    [InlineData("Authentication:Provider", "OpenIdConnect", "Setting Authentication:Authority is missing")]
    [InlineData("Authentication:Tenants", "11111111-1111-4111-8111-111111111111", "Setting Authentication:Tenants is for the provider `EntraId`")]
    [InlineData("Authentication:Scopes", "Always", "Setting Authentication:Scopes is `Always`; it must be one of `Optional`, `Required`")]
    [InlineData("Authentication:Mapping:Role", "gp", "Setting Authentication:Mapping:Role is `gp`; it must be a list")]
    [InlineData("Authentication:Introspection:ClientId", "us", "Settings of Authentication:Introspection are given, and Authentication:Introspection:Enabled is not `true`")]
    [InlineData("AzureAd:AllowWebApiToBeAuthorizedByACL", "true", "Setting AzureAd:AllowWebApiToBeAuthorizedByACL is not known")]
    [InlineData("Clock:Zone", "Europe/Rivelin", "Setting Clock:Zone is `Europe/Rivelin`")]
    [InlineData("Clock:Fixed", "yesterday", "Setting Clock:Fixed is `yesterday`")]
    [InlineData("Sharing:Protocols", "gone.yaml", "Setting Sharing:Protocols is `gone.yaml`; there is no such file or folder")]
    public void Refuses_what_it_does_not_understand(string name, string value, string fault) =>
        Assert.StartsWith(fault, name == "Sharing:Protocols" ? Assert.Single(Read(true, (name, value)).Faults) : Fault(true, (name, value)), StringComparison.Ordinal);

    [Fact]
    public void Types_are_a_list_or_a_text_with_commas()
    {
        Assert.Equal(["Patient", "CarePlan"], Development(("Fhir:Types:0", "Patient"), ("Fhir:Types:1", "CarePlan")).Types);
        Assert.Equal(["Patient", "CarePlan"], Development(("Fhir:Types", "Patient, CarePlan")).Types);
        Assert.Equal(["*"], Development(("Fhir:Types", "*")).Types);
    }

    [Theory]
    [InlineData("Data Source=agreement.yaml;Cache=Shared", true)]
    [InlineData("Data Source=:memory:", false)]
    [InlineData("Data Source=x;Mode=Memory", false)]
    public void A_relative_database_file_is_looked_for_like_any_path(string given, bool isFile)
    {
        var storage = Development(("Storage:ConnectionString", given)).Storage;
        Assert.Equal(isFile ? folder : null, storage.Folder);
        if (!isFile) Assert.Equal(given, storage.ConnectionString);
    }

    [Theory]
    [InlineData("urls", "http://localhost:5080", true)]
    [InlineData("urls", "http://127.0.0.1:5080;http://[::1]:5080", true)]
    [InlineData("urls", "http://127.0.0.1:5080;http://0.0.0.0:5081", false)]
    [InlineData("urls", "http://*:5080", false)]
    [InlineData("urls", "http://+:5080", false)]
    [InlineData("urls", "http://rivelin.example:5080", false)]
    [InlineData("urls", "http://localhost.rivelin.example:5080", false)]
    [InlineData("http_ports", "8080", false)]
    [InlineData("Kestrel:Endpoints:All:Url", "http://[::]:5080", false)]
    [InlineData("Kestrel:Endpoints:Own:Url", "http://localhost:5080", true)]
    [InlineData("Authentication:Authority", "http://127.0.0.1:9", false)]
    public void The_built_in_issuer_serves_this_machine_only_and_never_beside_an_authority(string name, string value, bool isOn) =>
        Assert.Equal(isOn, Development((name, value), ("Authentication:Audience", "us")).Authentication.HasDevIssuer);

    [Theory]
    [InlineData("2030-07-01T09:00:00", "2030-07-01T08:00:00Z")]
    [InlineData("2030-07-01T09:00:00Z", "2030-07-01T09:00:00Z")]
    [InlineData("2030-01-01", "2030-01-01T00:00:00Z")]
    public void A_fixed_clock_stands_still_and_knows_its_zone(string given, string instant)
    {
        var clock = Development(("Clock:Fixed", given)).Clock.Clock;
        Assert.Equal(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromHours(1), clock.LocalTimeZone.GetUtcOffset(new DateTime(2030, 7, 1)));
    }

    [Theory]
    [InlineData("https://care.example/fhir", "")]
    [InlineData("https://care.example/fhir/", "")]
    [InlineData("https://care.example/ccp/fhir", "/ccp")]
    [InlineData("https://care.example/r4", "")] // the proxy maps it
    public void What_stands_before_the_base_is_its_path_base(string url, string path)
    {
        var addresses = Development(("Server:BaseUrl", url)).Addresses;
        Assert.Equal(url.TrimEnd('/'), addresses.BaseUrl);
        Assert.Equal(path, addresses.PathBase);
    }
}
