using FhirCarePlan.Storage.Sqlite;
using FhirCarePlan.Storage.Tests.Auditing;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Sqlite.Writing;

/// <summary>While a large change keeps the writer busy, rows of the ledger do not wait for it, and none is lost.</summary>
public class LedgerOverflowTests
{
    [Fact]
    public async Task Rows_are_acknowledged_while_a_large_change_is_written()
    {
        await using var given = new Given();
        var events = new Events(1);
        var rows = Enumerable.Range(0, 20).Select(_ => events.Next()).ToList();
        await WhileBusy(given, async () =>
        {
            Assert.All(await Task.WhenAll(rows[..15].Select(row => given.Commit(new Change(), row))),
                result => Assert.Equal(CommitResult.Done, result));
            Assert.True(new FileInfo(given.File + "-ledger").Length > 0);
        });
        foreach (var row in rows[15..]) await given.Commit(new Change(), row);
        AssertAllThere(given, rows);
        Assert.Equal(0, new FileInfo(given.File + "-ledger").Length);
        await given.Reopen();
        AssertAllThere(given, rows);
    }

    [Fact]
    public async Task Changes_wait_for_the_writer_and_are_written_after()
    {
        await using var given = new Given();
        Task<CommitResult> change = Task.FromResult(CommitResult.Unavailable);
        await WhileBusy(given, () =>
        {
            change = given.Commit(new Change { Versions = [given.Version("Task/small")] }, new Events(2).Next());
            return Task.CompletedTask;
        });
        Assert.Equal(CommitResult.Done, await change);
        Assert.NotNull(given.Ask(s => s.Find("Task", "small")));
        Assert.Equal(1, given.Store.VerifyLedger().Rows);
    }

    [Fact]
    public async Task After_a_crash_the_next_start_appends_them_once()
    {
        await using var given = new Given();
        var events = new Events(3);
        var rows = Enumerable.Range(0, 9).Select(_ => events.Next()).ToList();
        await given.Commit(new Change(), rows[0]);
        using var crashed = new Copy();
        await WhileBusy(given, async () =>
        {
            await Task.WhenAll(rows[1..].Select(row => given.Commit(new Change(), row)));
            crashed.Take(given.File);
        });
        for (var start = 0; start < 2; start++)
        {
            await using var store = new SqliteStore($"Data Source={crashed.File}", Secret);
            Assert.Equal(0, store.UnreadableOverflow);
            var proof = store.VerifyLedger();
            Assert.True(proof.IsIntact);
            Assert.Equal(rows.Count, proof.Rows);
            using var snapshot = store.Read();
            Assert.All(rows, row => Assert.NotNull(snapshot.FindAudit(row.Id, Owner)));
        }
    }

    [Fact]
    public async Task A_crash_between_the_commit_and_emptying_the_file_appends_nothing_twice()
    {
        await using var given = new Given();
        var row = new Events(4).Next();
        using var before = new Copy();
        await WhileBusy(given, async () =>
        {
            await given.Commit(new Change(), row);
            before.Take(given.File);
        });
        AssertAllThere(given, [row]);
        await given.Store.DisposeAsync();
        File.Copy(before.File + "-ledger", given.File + "-ledger", overwrite: true);
        await given.Reopen();
        AssertAllThere(given, [row]);
    }

    [Fact]
    public async Task Many_rows_are_appended_a_few_at_a_time_and_a_crash_between_appends_the_others_once()
    {
        await using var given = new Given();
        var events = new Events(8);
        var rows = Enumerable.Range(0, 250).Select(_ => events.Next()).ToList();
        using var crashed = new Copy();
        Task small = Task.CompletedTask, question = Task.CompletedTask;
        await WhileBusy(given, async () =>
        {
            await Task.WhenAll(rows.Select(row => given.Commit(new Change(), row)));
            // Both are in the first group after the large change; the question is asked after the commit.
            small = given.Commit(new Change { Versions = [given.Version("Task/small")] });
            question = given.Store.Question(new Change { Versions = [given.Version("Task/asked")] }, _ => crashed.Take(given.File));
        });
        await Task.WhenAll(small, question);
        AssertAllThere(given, rows);
        await using var store = new SqliteStore($"Data Source={crashed.File}", Secret);
        var proof = store.VerifyLedger();
        Assert.True(proof.IsIntact);
        Assert.Equal(rows.Count, proof.Rows);
        using var snapshot = store.Read();
        Assert.All(rows, row => Assert.NotNull(snapshot.FindAudit(row.Id, Owner)));
    }

    [Fact]
    public async Task Of_large_and_small_changes_that_come_together_each_has_its_turn()
    {
        await using var given = new Given();
        var events = new Events(9);
        var all = new List<Task<CommitResult>>();
        await WhileBusy(given, () =>
        {
            for (var n = 0; n < 40; n++)
            {
                var count = n % 4 == 0 ? 51 : 1;
                all.Add(given.Commit(new Change { Versions = [.. Enumerable.Range(0, count).Select(v => given.Version($"Task/of{n}-{v}"))] },
                    events.Next()));
                all.Add(given.Commit(new Change(), events.Next()));
            }
            return Task.CompletedTask;
        });
        Assert.All(await Task.WhenAll(all).WaitAsync(TimeSpan.FromMinutes(1)), result => Assert.Equal(CommitResult.Done, result));
        given.Store.FinishLedgerBlocks();
        Assert.Equal(all.Count, given.Store.VerifyLedger().Rows);
        Assert.All(Enumerable.Range(0, 40), n => Assert.NotNull(given.Ask(s => s.Find("Task", $"of{n}-0"))));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 1)]
    [InlineData(1, 1)]
    public async Task A_changed_or_cut_off_row_is_not_taken_and_is_counted(double where, int taken)
    {
        await using var given = new Given();
        var events = new Events(5);
        using var crashed = new Copy();
        await WhileBusy(given, async () =>
        {
            for (var n = 0; n < 2; n++)
                await given.Commit(new Change(), events.Next() with { Details = [], Query = null, Subject = "s", Purpose = "TREAT" });
            crashed.Take(given.File);
        });
        var bytes = File.ReadAllBytes(crashed.File + "-ledger");
        if (where < 1) bytes[(int)(where * bytes.Length) + 40] ^= 1;
        File.WriteAllBytes(crashed.File + "-ledger", where < 1 ? bytes : bytes[..^1]);
        await using var store = new SqliteStore($"Data Source={crashed.File}", Secret);
        Assert.True(store.UnreadableOverflow > 0);
        Assert.Equal(taken, store.VerifyLedger().Rows);
        Assert.True(store.VerifyLedger().IsIntact);
    }

    [Fact]
    public async Task An_event_whose_closing_row_is_in_the_overflow_was_not_interrupted()
    {
        await using var given = new Given();
        var closing = new Events(6).Next();
        await given.Commit(new Change { Versions = [given.Version("Task/one")] }, closing with { IsPart = true });
        using var crashed = new Copy();
        await WhileBusy(given, async () =>
        {
            await given.Commit(new Change(), closing);
            crashed.Take(given.File);
        });
        await using var store = new SqliteStore($"Data Source={crashed.File}", Secret);
        Assert.Equal(2, store.VerifyLedger().Rows);
        using var snapshot = store.Read();
        Assert.Equal(closing.Outcome, snapshot.FindAudit(closing.Id, Owner)!.Outcome);
    }

    [Fact]
    public async Task Without_the_file_rows_wait_and_are_written()
    {
        await using var given = new Given();
        await given.Store.DisposeAsync();
        using var other = new FileStream(given.File + "-ledger", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        await given.Reopen();
        var row = new Events(7).Next();
        Task<CommitResult> waits = Task.FromResult(CommitResult.Unavailable);
        await WhileBusy(given, () =>
        {
            waits = given.Commit(new Change(), row);
            return Task.CompletedTask;
        });
        Assert.Equal(CommitResult.Done, await waits);
        Assert.NotNull(given.Ask(s => s.FindAudit(row.Id, Owner)));
    }

    /// <summary>A question about a large change keeps the writer until `meanwhile` is done.</summary>
    private static async Task WhileBusy(Given given, Func<Task> meanwhile)
    {
        using var begun = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var large = new Change { Versions = [.. Enumerable.Range(0, 60).Select(n => given.Version($"Task/large{n}"))] };
        var busy = Task.Run(() => given.Store.Suppose(large, _ =>
        {
            begun.Set();
            end.Wait();
        }));
        begun.Wait();
        try
        {
            await meanwhile().WaitAsync(TimeSpan.FromMinutes(1));
        }
        finally
        {
            end.Set();
        }
        Assert.Equal(CommitResult.Done, await busy);
    }

    private static void AssertAllThere(Given given, IReadOnlyList<AuditEntry> rows)
    {
        // What waits is appended with the next group.
        given.Store.FinishLedgerBlocks();
        Assert.All(rows, row => Assert.NotNull(given.Ask(s => s.FindAudit(row.Id, Owner))));
        var proof = given.Store.VerifyLedger();
        Assert.True(proof.IsIntact);
        Assert.Equal(rows.Count, proof.Rows);
    }

    /// <summary>What a crash at this moment would leave.</summary>
    private sealed class Copy : IDisposable
    {
        private readonly string folder = Directory.CreateTempSubdirectory("fcp-crash-").FullName;

        public string File => Path.Combine(folder, "test.db");

        public void Take(string database)
        {
            foreach (var ending in new[] { "", "-wal", "-ledger" })
            {
                using var from = new FileStream(database + ending, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var to = System.IO.File.Create(File + ending);
                from.CopyTo(to);
            }
        }

        public void Dispose() => Directory.Delete(folder, recursive: true);
    }
}
