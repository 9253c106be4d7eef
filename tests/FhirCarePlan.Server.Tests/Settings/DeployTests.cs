using System.Text.RegularExpressions;
using FhirCarePlan.Server.Settings;
using Microsoft.Extensions.Configuration;

namespace FhirCarePlan.Server.Tests.Settings;

/// <summary>The samples for systemd and compose name settings that there are, and all that Production needs.</summary>
public sealed partial class DeployTests
{
    private static readonly string Root = Places.From(AppContext.BaseDirectory, AppContext.BaseDirectory).Repository!, Folder = Path.Combine(Root, "samples", "deploy");

    [Theory]
    [InlineData("fhircareplan.service")]
    [InlineData("compose.yaml")]
    public void Their_settings_are_understood_and_suffice(string file)
    {
        var given = Setting().Matches(File.ReadAllText(Path.Combine(Folder, file)))
            .ToDictionary(m => m.Groups["name"].Value.Replace("__", ":", StringComparison.Ordinal), m => (string?)m.Groups["value"].Value.Trim('"'));
        Assert.True(given.Count > 8, string.Join(' ', given.Keys));
        var names = ServerSettings.Names();
        Assert.All(given.Keys, name => Assert.Contains(name, names));
        // Files and folders of that machine are none of this one's.
        var here = Path.Combine(Folder, file);
        foreach (var place in (string[])["Sharing:Protocols", "Ledger:KeyFile"])
        {
            Assert.Contains(place, given.Keys);
            given[place] = here;
        }
        if (given["Storage:ConnectionString"]!.StartsWith("Data", StringComparison.Ordinal)) given["Storage:ConnectionString"] = $"Data Source={here}";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(given).Build();
        var (settings, faults) = ServerSettings.Read(configuration, isDevelopment: false, Places.Here());
        Assert.Empty(faults);
        Assert.NotNull(settings!.Telemetry.Prometheus);
    }

    /// <summary>systemd and compose wait longer than the server takes.</summary>
    [Theory]
    [InlineData("fhircareplan.service", "TimeoutStopSec=45")]
    [InlineData("compose.yaml", "stop_grace_period: 45s")]
    public void They_wait_for_the_drain(string file, string line)
    {
        var text = File.ReadAllText(Path.Combine(Folder, file));
        Assert.Contains(line, text, StringComparison.Ordinal);
        Assert.Matches("Limits__DrainSeconds(=|: \")30", text);
    }

    [Fact]
    public void Every_setting_is_in_the_operators_page()
    {
        var page = File.ReadAllText(Path.Combine(Root, "src/docs/operations.md"));
        Assert.Equal([], ServerSettings.Names().Where(name => !page.Contains(name, StringComparison.Ordinal) && !page.Contains($"`{name[(name.IndexOf(':') + 1)..]}`", StringComparison.Ordinal)
            && !page.Contains($":{name[(name.IndexOf(':') + 1)..]}`", StringComparison.Ordinal) && !name.StartsWith("Authentication:", StringComparison.Ordinal)));
    }

    [GeneratedRegex("""^(Environment="?|\s+)(?<name>[A-Z][A-Za-z]+__[A-Za-z_]+)(=|: )(?<value>[^\n]*)$""", RegexOptions.Multiline)]
    private static partial Regex Setting();
}
