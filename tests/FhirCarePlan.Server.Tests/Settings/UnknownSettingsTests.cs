using FhirCarePlan.Server.Settings;
using Microsoft.Extensions.Configuration;

namespace FhirCarePlan.Server.Tests.Settings;

/// <summary>A misspelt setting would leave the default in force without a word.</summary>
public class UnknownSettingsTests
{
    private static readonly IReadOnlySet<string> Known = ServerSettings.Names().ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static string[] Faults(string name) =>
        [.. UnknownSettings.Faults(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(name, (string?)"x")])
            .Build(), Known)];

    [Theory]
    [InlineData("Limits:Heavvy", "Limits:Heavy")]
    [InlineData("limits:heavvy", "Limits:Heavy")]
    [InlineData("Validation:Profile", "Validation:Profiles")]
    [InlineData("Authentication:Claims:Clinet", "Authentication:Claims:Client")]
    [InlineData("Autentication:Authority", "Authentication:Authority")]
    [InlineData("Strage:Engine", "Storage:Engine")]
    [InlineData("Samples:Laod", "Samples:Load")]
    public void A_slip_is_told_with_what_was_meant(string name, string meant) =>
        Assert.Equal($"Setting {name} is not known; did you mean `{meant}`?", Assert.Single(Faults(name)));

    [Theory]
    [InlineData("Server:Nonsense")]
    [InlineData("Limits:Bandwidth")]
    [InlineData("Storage:Engine:Version")]
    public void What_is_under_our_sections_and_nobody_reads_is_told(string name) =>
        Assert.StartsWith($"Setting {name} is not known; {name.Split(':')[0]} has ", Assert.Single(Faults(name)), StringComparison.Ordinal);

    [Theory]
    [InlineData("Logging:LogLevel:Default")]
    [InlineData("Kestrel:Certificates:Default:Path")]
    [InlineData("AllowedHosts")]
    [InlineData("urls")]
    [InlineData("Serilog:MinimumLevel")]
    [InlineData("SERVER")] // a machine's own environment
    [InlineData("PATH")]
    [InlineData("Fhir:Types:0")]
    [InlineData("Server:KnownProxies:12")]
    [InlineData("fhir:types")]
    public void What_is_others_or_ours_is_not(string name) => Assert.Empty(Faults(name));

    [Fact]
    public void Every_setting_that_is_read_is_known()
    {
        foreach (var name in ServerSettings.Names()) Assert.Empty(Faults(name));
        Assert.Contains("Ledger:KeyFile", ServerSettings.Names());
        Assert.Contains("Sharing:NotInForce", ServerSettings.Names());
        Assert.Contains("Authentication:Claims:RelatedPerson", ServerSettings.Names());
    }

    /// <summary>The documents and the program speak of the same settings.</summary>
    [Fact]
    public void The_documents_name_every_one()
    {
        var root = Places.From(AppContext.BaseDirectory, AppContext.BaseDirectory).Repository!;
        var documents = File.ReadAllText(Path.Combine(root, "src/docs/operations.md"))
            + File.ReadAllText(Path.Combine(root, "src/docs/identity.md"));
        Assert.Equal([], ServerSettings.Names().Where(name => !documents.Contains($"`{name}`", StringComparison.Ordinal)
            && !documents.Contains($"`{name[name.LastIndexOf(':')..]}`", StringComparison.Ordinal)
                && !documents.Contains($"`{name[(name.LastIndexOf(':') + 1)..]}`", StringComparison.Ordinal)));
    }
}
