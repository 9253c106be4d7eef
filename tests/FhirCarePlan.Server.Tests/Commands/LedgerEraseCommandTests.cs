using FhirCarePlan.Storage;
using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Sqlite;

namespace FhirCarePlan.Server.Tests.Commands;

/// <summary>`audit erase`: what is older than a day goes for good, on record, and the chain proves the rest.
/// src/docs/operations.md#retention</summary>
public sealed class LedgerEraseCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fcp-ledger-erase-").FullName;
    private readonly LedgerKey key = new(new byte[32]);

    public void Dispose() => Directory.Delete(folder, true);

    private string Database => $"Data Source={Path.Combine(folder, "x.db")}";

    private Dictionary<string, string> Settings => new()
    {
        ["Storage:Engine"] = "Sqlite", ["Storage:ConnectionString"] = Database, ["Ledger:Key"] = Convert.ToBase64String(new byte[32]),
    };

    private Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments) =>
        ServerProcess.RunToEnd(Settings, "Development", folder, null, ["audit", .. arguments]);

    [Fact]
    public async Task What_is_older_than_the_day_goes_and_the_ledger_says_who_ordered_it()
    {
        await using (var store = new SqliteStore(Database, key))
            foreach (var day in (string[])["2016-03-31T23:59:59Z", "2018-03-31T23:59:59Z", "2018-04-01T00:00:00Z", "2024-01-01T00:00:00Z"])
                await store.Commit(new Change(), [Event(DateTimeOffset.Parse(day, System.Globalization.CultureInfo.InvariantCulture))], default);
        var receipt = (await Run("receipt")).Output;
        var kept = Path.Combine(folder, "receipt.json");
        await File.WriteAllTextAsync(kept, receipt);

        var done = await Run("erase", "--before", "2018-04-01", "--by", "Petra Holloway");
        Assert.True(done.ExitCode == 0, done.Error);
        Assert.Contains("2 rows", done.Output, StringComparison.Ordinal);
        Assert.Contains("0 rows", (await Run("erase", "--before", "2018-04-01", "--by", "Petra Holloway")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await Run("verify", "--receipt", kept)).ExitCode);
        await using var left = new SqliteStore(Database, key);
        using var snapshot = left.Read();
        var events = snapshot.Audit(new AuditQuery(new AuditReader("owner", IsOwner: true)) { IsAscending = true }).Entries;
        Assert.Equal(["read", "read", "erase"], events.Select(e => e.Interaction));
        Assert.Equal("Petra Holloway", events[^1].Subject);
    }

    [Theory]
    [InlineData("Say up to which day", "--by", "Petra")]
    [InlineData("is not a day", "--before", "01.04.2018", "--by", "Petra")]
    [InlineData("not in the past", "--before", "2999-01-01", "--by", "Petra")]
    [InlineData("Say who ordered it", "--before", "2018-04-01")]
    [InlineData("no database", "--before", "2018-04-01", "--by", "Petra")]
    public async Task What_is_not_said_or_not_there_is_told_in_a_sentence(string said, params string[] arguments)
    {
        var refused = await Run(["erase", .. arguments]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(said, refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "x.db")));
    }

    [Fact]
    public async Task Beside_a_running_server_it_erases_nothing()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string>(Settings) { ["urls"] = ServerProcess.AnyPort }, folder);
        var refused = await Run("erase", "--before", "2018-04-01", "--by", "Petra Holloway");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("stop it first", refused.Error, StringComparison.Ordinal);
    }

    private static AuditEntry Event(DateTimeOffset at) => new()
    {
        Id = Guid.NewGuid().ToString("N"), At = at, Interaction = "read", Outcome = AuditOutcome.Success, Status = 200, Subject = "s",
        Party = "trust", Target = "Task/a",
    };
}
