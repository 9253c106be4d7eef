namespace FhirCarePlan.Server.Tests.Authentication;

/// <summary>The process and its provider of tokens: what it loads, and what it does not start on.</summary>
public class ProviderChoiceTests
{
    private const string Tenant = "11111111-1111-4111-8111-111111111111", Api = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
    private static bool IsEntras(string name) => name.StartsWith("Microsoft.Identity.", StringComparison.Ordinal);
    private static bool Tells => OperatingSystem.IsLinux() || OperatingSystem.IsWindows();

    [Fact]
    public async Task The_library_of_Entra_ID_is_loaded_only_for_it()
    {
        await using (var usual = await ServerProcess.Start())
        {
            Assert.Equal(401, (int)(await usual.Anonymous.GetAsync("fhir/Patient")).StatusCode);
            Assert.Equal(200, (int)(await (await usual.As("gp")).GetAsync("Patient")).StatusCode);
            if (Tells) Assert.Equal([], usual.Loaded().Where(IsEntras));
        }
        await using var server = await ServerProcess.Start(new Dictionary<string, string>
        {
            ["Authentication:Provider"] = "EntraId", ["AzureAd:Instance"] = "http://127.0.0.1:9/", ["AzureAd:TenantId"] = Tenant, ["AzureAd:ClientId"] = Api,
        });
        Assert.Equal(401, (int)(await server.Anonymous.GetAsync("fhir/Patient")).StatusCode);
        Assert.Equal(401, (int)(await server.Anonymous.GetAsync("dev/personas")).StatusCode);
        if (Tells) Assert.Contains(server.Loaded(), IsEntras);
    }

    [Theory]
    [InlineData("Setting AzureAd:TenantId is missing", "AzureAd:ClientId", Api)]
    [InlineData("Setting AzureAd:TenantId is `organizations`, which is any tenant at all; Authentication:Tenants must list", "AzureAd:ClientId", Api, "AzureAd:TenantId", "organizations")]
    [InlineData("Setting AzureAd:Instance is `login`; it must be an https address", "AzureAd:ClientId", Api, "AzureAd:TenantId", Tenant, "AzureAd:Instance", "login")]
    public async Task It_does_not_start_on_half_a_provider_and_says_so_in_a_sentence(string sentence, params string[] settings)
    {
        var all = new Dictionary<string, string> { ["urls"] = "http://127.0.0.1:0", ["Authentication:Provider"] = "EntraId" };
        for (var i = 0; i < settings.Length; i += 2) all[settings[i]] = settings[i + 1];
        var (exit, _, error) = await ServerProcess.RunToEnd(all, "Development");
        Assert.Equal(1, exit);
        Assert.Contains(sentence, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_does_not_start_on_a_mapping_that_leads_nowhere()
    {
        var (exit, _, error) = await ServerProcess.RunToEnd(new Dictionary<string, string>
        {
            ["urls"] = "http://127.0.0.1:0", ["Storage:ConnectionString"] = "Data Source=:memory:",
            ["Authentication:Mapping:Party:0:Claim"] = "tid", ["Authentication:Mapping:Party:0:Value"] = Tenant, ["Authentication:Mapping:Party:0:Is"] = "hospital",
        }, "Development");
        Assert.Equal(1, exit);
        Assert.Contains("Setting Authentication:Mapping:Party leads to `hospital`, which the agreement does not know", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
