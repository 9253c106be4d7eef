using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Sqlite.Writing;

public class FileWriterTests
{
    [Fact]
    public async Task The_log_does_not_grow_without_end()
    {
        await using var given = new Given();
        for (var n = 0; n < 120; n++)
        {
            var write = given.Version($"Task/{n}");
            await given.Write(new Change { Versions = [write with { Version = write.Version with { Body = new byte[1_000_000] } }] });
            using var snapshot = given.Store.Read();
            Assert.NotNull(snapshot.Find("Task", $"{n / 2}"));
        }
        Assert.InRange(new FileInfo(given.File + "-wal").Length, 0, 60_000_000);
    }

    [Fact]
    public async Task A_full_disk_is_said_to_all_and_nothing_is_half_there()
    {
        await using var given = new Given();
        await given.Put("Task/a");
        given.FileStore.LimitPages(given.FileStore.Pages + 4);
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(n =>
        {
            var write = given.Version($"Task/big{n}");
            return given.Commit(new Change { Versions = [write with { Version = write.Version with { Body = new byte[100_000] } }] },
                Audit($"{n}"));
        }));
        Assert.All(results, r => Assert.Equal(CommitResult.Unavailable, r));
        Assert.Throws<IOException>(() => given.Store.SetSetting("x", new string('x', 100_000)));
        Assert.Equal("a", given.Ids(new Fhir.Search.SearchQuery("Task")));

        given.FileStore.LimitPages(int.MaxValue);
        Assert.Equal(CommitResult.Done, await given.Commit(new Change(), Audit("after")));
        Assert.Equal("after", given.AllAudit.Single().Id);
        Assert.True(given.Store.VerifyLedger().IsIntact);
    }

    [Fact]
    public async Task Another_process_that_holds_the_lock_makes_it_unavailable_and_no_more()
    {
        await using var given = new Given();
        using (var other = FhirCarePlan.Storage.Sqlite.SqliteConnection.OpenWriter(given.File))
        {
            given.FileStore.WaitForLock(TimeSpan.FromMilliseconds(50));
            other.Execute("BEGIN IMMEDIATE");
            Assert.Equal(CommitResult.Unavailable, await given.Commit(new Change(), Audit("1")));
            other.Execute("ROLLBACK");
        }
        Assert.Equal(CommitResult.Done, await given.Commit(new Change(), Audit("2")));
    }
}
