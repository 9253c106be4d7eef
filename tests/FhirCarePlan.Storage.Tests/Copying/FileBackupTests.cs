using FhirCarePlan.Storage.Copying;
using FhirCarePlan.Storage.Sqlite;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Copying;

/// <summary>Rows of the ledger that are acknowledged and wait beside the database belong to a backup that is taken meanwhile.</summary>
public sealed class FileBackupTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fcp-backup-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Fact]
    public async Task What_waits_beside_the_database_is_copied_with_it()
    {
        await using var given = new Given();
        await given.Commit(new Change(), Audit("in"));
        using var begun = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var large = new Change { Versions = [.. Enumerable.Range(0, 60).Select(n => given.Version($"Task/large{n}"))] };
        var busy = Task.Run(() => given.Store.Suppose(large, _ =>
        {
            begun.Set();
            end.Wait();
        }));
        begun.Wait();
        Assert.Equal(CommitResult.Done, await given.Commit(new Change(), Audit("beside")));
        var backup = Task.Run(() => FileBackup.Take(given.ConnectionString, Secret, Path.Combine(folder, "copy")));
        await Task.Delay(200);
        Assert.False(backup.IsCompleted);
        end.Set();
        await busy;
        await backup;
        Assert.Equal(["in", "beside"], await Restored("copy"));
    }

    [Fact]
    public async Task What_is_written_meanwhile_is_there_whole_or_not_at_all()
    {
        await using var given = new Given();
        var writing = true;
        var count = 0;
        var writer = Task.Run(async () =>
        {
            for (; Volatile.Read(ref writing); count++)
                await given.Commit(new Change { Versions = [given.Version($"Task/a{count}"), given.Version($"Task/b{count}")] }, Audit($"{count}"));
        });
        for (var n = 0; n < 10; n++)
        {
            FileBackup.Take(given.ConnectionString, Secret, Path.Combine(folder, $"{n}"));
            await Restored($"{n}");
            await using var store = new SqliteStore($"Data Source={Path.Combine(folder, $"{n}.db")}", Secret);
            using var snapshot = store.Read();
            var pairs = Enumerable.Range(0, count + 1).Select(i => (snapshot.Find("Task", $"a{i}") is null, snapshot.Find("Task", $"b{i}") is null)).ToList();
            Assert.All(pairs, pair => Assert.Equal(pair.Item1, pair.Item2));
        }
        Volatile.Write(ref writing, false);
        await writer;
    }

    private async Task<IEnumerable<string>> Restored(string name)
    {
        var database = $"Data Source={Path.Combine(folder, $"{name}.db")}";
        FileBackup.Restore(Path.Combine(folder, name), database, Secret);
        await using var store = new SqliteStore(database, Secret);
        Assert.Equal(0, store.UnreadableOverflow);
        Assert.True(store.VerifyLedger().IsIntact);
        using var snapshot = store.Read();
        return [.. snapshot.Audit(new AuditQuery(Owner) { Count = 1_000, IsAscending = true }).Entries.Select(e => e.Id)];
    }
}
