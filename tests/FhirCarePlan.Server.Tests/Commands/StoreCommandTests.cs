using FhirCarePlan.Server.Tests.Outside;
using Microsoft.Data.Sqlite;

namespace FhirCarePlan.Server.Tests.Commands;

/// <summary>`check`, `backup`, `restore` and `migrate`, on a store that a server filled.</summary>
public abstract class StoreCommandTests : IAsyncLifetime
{
    protected static readonly string Key = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(n => (byte)n)]);
    private readonly string folder = Directory.CreateTempSubdirectory("fcp-commands-").FullName;
    private readonly List<string> databases = [];

    protected virtual bool IsOnPostgres => false;

    protected string NewDatabase()
    {
        databases.Add(IsOnPostgres ? PostgresCluster.NewDatabase() : $"Data Source={Path.Combine(folder, $"{databases.Count}.db")};Pooling=False");
        return databases[^1];
    }

    private Dictionary<string, string> Settings(string database) =>
        new() { ["Storage:Engine"] = IsOnPostgres ? "Postgres" : "Sqlite", ["Storage:ConnectionString"] = database, ["Ledger:Key"] = Key };

    private Task<ServerProcess> Serve(string database) => ServerProcess.Start(Settings(database), folder);

    private Task<Shell> Run(string database, params string[] words) =>
        Shell.Run("", [.. words, "--environment=Development", .. Settings(database).Select(s => $"--{s.Key}={s.Value}")]);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        if (IsOnPostgres) databases.ForEach(PostgresCluster.Drop);
        Directory.Delete(folder, true);
        return Task.CompletedTask;
    }

    protected async Task BackupDestroyRestore()
    {
        var (database, copy) = (NewDatabase(), Path.Combine(folder, "copy"));
        string[] asked = ["CarePlan/robin-plan", "CarePlan?patient=Patient/robin", "Goal?_sort=-_lastUpdated", "Observation?_count=5", "Patient/robin/_history"];
        var before = new List<string>();
        await using (var server = await Serve(database))
        {
            var coordinator = await server.As("care-coordinator");
            await coordinator.Send("POST", "Goal", "{\"resourceType\":\"Goal\",\"lifecycleStatus\":\"active\",\"description\":{\"text\":\"Kept\"},\"subject\":{\"reference\":\"Patient/robin\"}}"u8.ToArray());
            foreach (var url in asked) before.Add((await coordinator.Send("GET", url)).Body.Replace(server.Address.Authority, "here", StringComparison.Ordinal));
            // Beside the running server, and beside its writes.
            var writing = Task.Run(async () => { for (var n = 0; n < 20; n++) await coordinator.Send("GET", "Goal/robin-goal-home"); });
            AssertSays(0, "Copied", await Run(database, "backup", copy));
            await writing;
            Assert.Equal((0, ""), ((await Run(database, "check")).ExitCode, (await Run(database, "check")).Error));
            AssertSays(2, IsOnPostgres ? "The database is not empty" : "There is a database already", await Run(database, "restore", copy));
        }
        AssertSays(2, "is not empty", await Run(database, "backup", copy));

        Destroy(database);
        var other = IsOnPostgres ? NewDatabase() : database;
        AssertSays(2, "was begun with another key", await Shell.Run("", ["restore", copy, "--environment=Development",
            .. Settings(other).Select(s => $"--{s.Key}={(s.Key == "Ledger:Key" ? Convert.ToBase64String(new byte[32]) : s.Value)}")]));
        AssertSays(0, "Restored", await Run(other, "restore", copy));
        AssertSays(0, "The store is whole", await Run(other, "check"));
        await using var again = await Serve(other);
        var client = await again.As("care-coordinator");
        Assert.Equal(before, await Task.WhenAll(asked.Select(async url => (await client.Send("GET", url)).Body.Replace(again.Address.Authority, "here", StringComparison.Ordinal))));
        Assert.Equal(201, (await client.Send("POST", "Goal", "{\"resourceType\":\"Goal\",\"lifecycleStatus\":\"active\",\"description\":{\"text\":\"New\"},\"subject\":{\"reference\":\"Patient/robin\"}}"u8.ToArray())).Status);
        AssertSays(0, "The ledger is intact", await Run(other, "audit", "verify"));
        AssertSays(0, "The store is whole", await Run(other, "check"));

        // A backup that is not as it was written is not put anywhere.
        var file = Directory.GetFiles(copy).Where(f => !f.EndsWith(".json", StringComparison.Ordinal)).MaxBy(f => new FileInfo(f).Length)!;
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        AssertSays(2, "of the backup is not as it was written", await Run(NewDatabase(), "restore", copy));
        AssertSays(2, "no complete backup", await Run(NewDatabase(), "restore", folder));
    }

    private void Destroy(string database)
    {
        if (IsOnPostgres) PostgresCluster.Drop(database);
        else
            foreach (var ending in (string[])["", "-wal", "-shm", "-ledger"]) File.Delete(new SqliteConnectionStringBuilder(database).DataSource + ending);
    }

    protected async Task CheckNames(params (string Tampered, string Found)[] faults)
    {
        var database = NewDatabase();
        await (await Serve(database)).DisposeAsync();
        AssertSays(0, "The store is whole", await Run(database, "check"));
        foreach (var (tampered, _) in faults) Tamper(database, tampered);
        var found = await Run(database, "check");
        Assert.Equal(1, found.ExitCode);
        foreach (var (_, what) in faults) Assert.Contains(what, found.Output, StringComparison.OrdinalIgnoreCase);
        foreach (var name in (string[])["robin", "sky", "Patient/", "gp"]) Assert.DoesNotContain(name, found.Output, StringComparison.Ordinal);
        Assert.All(found.Lines, line => Assert.Matches(@"\. (Restore|Start|Keep|Check) .+\.$", line));
    }

    protected async Task MadeAnew()
    {
        var database = NewDatabase();
        await (await Serve(database)).DisposeAsync();
        foreach (var sql in (string[])["DELETE FROM index_token WHERE resource = (SELECT key FROM resource WHERE id = 'robin-goal-draw')",
            "DELETE FROM backing WHERE person = (SELECT max(person) FROM backing)", "UPDATE person SET consent_class = 0 WHERE no = (SELECT min(person) FROM consent_row)"])
            Tamper(database, sql);
        Assert.Equal(3, (await Run(database, "check")).Lines.Count(line => line.EndsWith("Start the server with Storage:Relabel=true: it makes labels, index rows and ties of everything anew.", StringComparison.Ordinal)));
        await (await ServerProcess.Start(new Dictionary<string, string>(Settings(database)) { ["Storage:Relabel"] = "true" }, folder)).DisposeAsync();
        AssertSays(0, "The store is whole", await Run(database, "check"));
    }

    private void Tamper(string database, string sql)
    {
        if (IsOnPostgres) PostgresCluster.Psql(database[(database.LastIndexOf('=') + 1)..], sql);
        else
        {
            using var connection = new SqliteConnection(database);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    private static void AssertSays(int exit, string words, Shell shell)
    {
        Assert.True(shell.ExitCode == exit, $"{shell.ExitCode}: {shell.Output}{shell.Error}");
        Assert.Contains(words, exit == 2 ? shell.Error : shell.Output, StringComparison.Ordinal);
    }

    protected static readonly (string, string)[] Faults =
    [
        ("UPDATE version SET last_updated = last_updated + 1 WHERE no = (SELECT version FROM resource WHERE id = 'robin-goal-home')", "does not match its checksum and is not shown: row"),
        ("DELETE FROM index_token WHERE resource = (SELECT key FROM resource WHERE id = 'robin-goal-draw')", "index rows are not those that would be written: resource"),
        ("UPDATE index_reference SET labels = 0 WHERE resource = (SELECT key FROM resource WHERE id = 'robin-goal-drink')", "(Goal)"),
        ("INSERT INTO index_token (resource, param, code, system, labels) VALUES (999999, 1, '', '', 0)", "a row of index_token belongs to no current resource: row 999999"),
        ("UPDATE resource SET root_mask = 0 WHERE id = 'robin-flag'", "a resource does not agree with its current version"),
        ("DELETE FROM version_change WHERE resource = (SELECT key FROM resource WHERE id = 'robin-episode')", "a version is not listed among its resource's changes"),
        ("DELETE FROM backing WHERE person = (SELECT max(person) FROM backing)", "the ties are not those that the person's record gives: person"),
        ("UPDATE person SET consent_class = 0 WHERE no = (SELECT min(person) FROM consent_row)", "the consent state in force is not the one that the person's Consents give: person"),
        ("UPDATE relationship SET cause = 'CareTeam/none' WHERE cause = (SELECT min(cause) FROM relationship)", "a relationship follows from a resource that is not stored"),
        ("UPDATE ledger SET tag = 1 WHERE seq = 7", "the ledger is not intact (Broken) from row 7 on"),
    ];
}

public sealed class StoreCommandsOnFileTests : StoreCommandTests
{
    [Fact]
    public Task Backup_destroy_restore_check_and_serve_equal_answers() => BackupDestroyRestore();

    [Fact]
    public Task What_can_be_made_anew_is_made_anew() => MadeAnew();

    [Fact]
    public Task Check_names_each_kind_of_damage_and_nobody() => CheckNames(Faults);

    [Fact]
    public async Task Told_not_to_migrate_it_starts_on_no_older_schema_and_the_command_brings_it_up_to_date()
    {
        var database = NewDatabase();
        var settings = new Dictionary<string, string> { ["Storage:ConnectionString"] = database, ["Ledger:Key"] = Key, ["Storage:Migrate"] = "false", ["urls"] = ServerProcess.AnyPort };
        var (exit, _, error) = await ServerProcess.RunToEnd(settings, "Development");
        Assert.Equal(1, exit);
        Assert.Contains("lacks migration `001-start`; run the command `migrate`", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        string[] given = [$"--Storage:ConnectionString={database}", $"--Ledger:Key={Key}"];
        var migrated = await Shell.Run("", ["migrate", .. given]);
        Assert.True(migrated.ExitCode == 0, migrated.Error);
        Assert.StartsWith("Applied 001-start, ", migrated.Output, StringComparison.Ordinal);
        Assert.StartsWith("The schema is up to date", (await Shell.Run("", ["migrate", .. given])).Output, StringComparison.Ordinal);
        await using (await ServerProcess.Start(settings)) { }
    }
}

public sealed class StoreCommandsOnPostgresTests : StoreCommandTests
{
    protected override bool IsOnPostgres => true;

    [PostgresFact]
    public Task Backup_destroy_restore_check_and_serve_equal_answers() => BackupDestroyRestore();

    [PostgresFact]
    public Task What_can_be_made_anew_is_made_anew() => MadeAnew();

    [PostgresFact]
    public Task Check_names_each_kind_of_damage_and_nobody() => CheckNames(Faults);
}
