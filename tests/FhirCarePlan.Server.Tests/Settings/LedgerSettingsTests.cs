using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Server.Units;
using Microsoft.Extensions.Configuration;

namespace FhirCarePlan.Server.Tests.Settings;

public sealed class LedgerSettingsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fcp-key-").FullName;

    private ServerSettings Read(params (string, string)[] more)
    {
        var given = more.Append(("Storage:ConnectionString", $"Data Source={Path.Combine(folder, "x.db")}"))
            .Append(("Sharing:Protocols", "profiles/sharing/single-organisation.yaml"));
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(given.Select(g => KeyValuePair.Create(g.Item1, (string?)g.Item2))).Build();
        var (settings, faults) = ServerSettings.Read(configuration, isDevelopment: true, Places.Here());
        Assert.Empty(faults);
        return settings!;
    }

    private string File(string text)
    {
        var file = Path.Combine(folder, "given.key");
        System.IO.File.WriteAllText(file, text);
        return file;
    }

    [Fact]
    public void In_development_a_key_is_made_once_beside_the_database_for_its_owner_alone()
    {
        var made = Read().Ledger.Load();
        var file = Path.Combine(folder, "ledger.key");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(file));
        Assert.Equal(made.Mark, Read().Ledger.Load().Mark);
        Assert.Equal([file], Directory.GetFiles(folder));
        System.IO.File.Delete(file);
        Assert.NotEqual(made.Mark, Read().Ledger.Load().Mark);
    }

    [Fact]
    public void Two_processes_that_start_at_once_have_one_key() =>
        Assert.All(Enumerable.Range(0, 100), round =>
        {
            System.IO.File.Delete(Path.Combine(folder, "ledger.key"));
            Assert.Single(Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(8).Select(_ => Read().Ledger.Load().Mark)
                .Distinct());
        });

    [Fact]
    public void A_given_key_or_file_is_taken()
    {
        var key = Convert.ToBase64String(new byte[40]);
        Assert.Equal(Read(("Ledger:Key", key)).Ledger.Load().Mark, Read(("Ledger:KeyFile", File($"{key}\n"))).Ledger.Load().Mark);
        Assert.False(System.IO.File.Exists(Path.Combine(folder, "ledger.key")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("c2hvcnQ=")]
    public void A_file_without_a_key_is_refused_in_a_sentence(string text) =>
        Assert.StartsWith("Setting Ledger:KeyFile", Assert.Throws<StartRefused>(() => Read(("Ledger:KeyFile", File(text))).Ledger.Load())
            .Message);

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
