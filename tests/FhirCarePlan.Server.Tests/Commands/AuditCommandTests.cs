using System.Text.Json.Nodes;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;
using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Sqlite;

namespace FhirCarePlan.Server.Tests.Commands;

public sealed class AuditCommandTests : IAsyncLifetime
{
    private static readonly byte[] Secret = [.. Enumerable.Range(7, 32).Select(n => (byte)n)];
    private readonly string folder = Directory.CreateTempSubdirectory("fcp-audit-").FullName;

    private string Database => $"Data Source={Path.Combine(folder, "x.db")}";

    public async Task InitializeAsync()
    {
        await using var store = new SqliteStore(Database, new LedgerKey(Secret));
        for (var n = 0; n < 5; n++) await Add(store, n);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    private static Task Add(SqliteStore store, int n) => store.Commit(new Change(),
    [
        new AuditEntry { Id = $"e{n}", At = DateTimeOffset.UnixEpoch, Interaction = "read", Outcome = AuditOutcome.Success, Status = 200, Subject = "s", Target = "Patient/p" },
    ], CancellationToken.None);

    private Task<Shell> Run(params string[] arguments) => Shell.Run("", ["audit", .. arguments, $"--Storage:ConnectionString={Database}", $"--Ledger:Key={Convert.ToBase64String(Secret)}"]);

    [Fact]
    public async Task A_ledger_that_holds_is_verified_against_a_receipt_beside_a_running_store()
    {
        await using var store = new SqliteStore(Database, new LedgerKey(Secret));
        var receipt = await Run("receipt");
        Assert.Equal((0, 5), (receipt.ExitCode, (int)JsonNode.Parse(receipt.Output)!["rows"]!));
        var file = Path.Combine(folder, "receipt.json");
        await File.WriteAllTextAsync(file, receipt.Output);
        await Add(store, 5);
        var verified = await Run("verify", "--receipt", file);
        Assert.Equal((0, "The ledger is intact: 6 rows, of which 0 were erased on record\n"), (verified.ExitCode, verified.Output.ReplaceLineEndings("\n")));
    }

    [Fact]
    public async Task One_that_was_cut_off_is_told()
    {
        var copy = Path.Combine(folder, "copy.db");
        File.Copy(Path.Combine(folder, "x.db"), copy);
        await using (var store = new SqliteStore(Database, new LedgerKey(Secret))) await Add(store, 5);
        var file = Path.Combine(folder, "receipt.json");
        await File.WriteAllTextAsync(file, (await Run("receipt")).Output);
        File.Move(copy, Path.Combine(folder, "x.db"), overwrite: true);
        Assert.Equal(0, (await Run("verify")).ExitCode);
        var verified = await Run("verify", "--receipt", file);
        Assert.Equal(1, verified.ExitCode);
        Assert.StartsWith("Rows from 6 on are missing", verified.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mend", "`mend` is not understood. Try `FhirCarePlan.Server audit --help`")]
    [InlineData("verify --reciept=x.json", "There is no option or setting `reciept`; did you mean `--receipt`? Try `FhirCarePlan.Server audit verify --help`")]
    [InlineData("verify --receipt nowhere.json", "No receipt of")]
    [InlineData("verify --Ledger:Key=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "Setting Ledger:KeyFile: the ledger of this database was begun with another key")]
    [InlineData("verify --Storage:ConnectionString=Data_Source=/nowhere/x.db", "SQLite 14")]
    public async Task What_it_cannot_do_it_says_in_a_line(string arguments, string why)
    {
        string[] given = [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => a.Replace('_', ' '))];
        // Later settings override earlier ones.
        var shell = arguments.Contains("--L", StringComparison.Ordinal) || arguments.Contains("--S", StringComparison.Ordinal)
            ? await Shell.Run("", ["audit", "verify", $"--Storage:ConnectionString={Database}", $"--Ledger:Key={Convert.ToBase64String(Secret)}", .. given[1..]]) : await Run(given);
        Assert.Equal((2, ""), (shell.ExitCode, shell.Output));
        Assert.StartsWith(why, Assert.Single(shell.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_development_it_needs_the_key()
    {
        var shell = await Shell.Run("", ["audit", "verify", $"--Storage:ConnectionString={Database}", "--environment=Production"]);
        Assert.Equal(2, shell.ExitCode);
        Assert.StartsWith("Setting Ledger:KeyFile is missing", shell.Error, StringComparison.Ordinal);
    }
}
