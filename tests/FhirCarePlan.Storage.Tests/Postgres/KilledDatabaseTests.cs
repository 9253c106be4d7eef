using System.Collections.Concurrent;
using FhirCarePlan.Storage.Postgres;
using FhirCarePlan.Storage.Tests.Sqlite;

namespace FhirCarePlan.Storage.Tests.Postgres;

/// <summary>PostgreSQL is killed with SIGKILL while we write, and started again: three times, `FCP_KILLS=100` times on demand. What we said
/// about each write is true, and the store goes on without a restart of its own.</summary>
public sealed class KilledDatabaseTests
{
    [PostgresFact]
    public async Task Nobody_was_told_anything_that_is_not_so()
    {
        using var postgres = new KillablePostgres();
        await using var store = new PostgresStore(postgres.ConnectionString, Given.Secret, TimeProvider.System);
        var (told, next, isDone) = (new ConcurrentDictionary<int, CommitResult>(), 0, false);
        int Count(CommitResult result) => told.Values.Count(one => one == result);
        var writers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref isDone))
            {
                var n = Interlocked.Increment(ref next);
                told[n] = await store.Commit(Program.Write(n), [Given.Audit($"{n}", $"CarePlan/{n}")], CancellationToken.None);
                if (told[n] != CommitResult.Done) await Task.Delay(20);
            }
        })).ToList();
        for (var round = 0; round < CrashTests.Rounds; round++)
        {
            await Until(() => Count(CommitResult.Done), Count(CommitResult.Done) + 40);
            postgres.Kill();
            // Sometimes it stays away for long, sometimes for a moment.
            if (round % 2 == 0) await Until(() => told.Count - Count(CommitResult.Done), told.Count - Count(CommitResult.Done) + 8);
            postgres.Start();
        }
        await Until(() => Count(CommitResult.Done), Count(CommitResult.Done) + 40);
        Volatile.Write(ref isDone, true);
        await Task.WhenAll(writers);

        CrashTests.AssertThere(store, [.. told.Where(t => t.Value == CommitResult.Done).Select(t => t.Key)]);
        Assert.Equal(0, Count(CommitResult.Stale));
        using (var snapshot = store.Read())
            foreach (var (n, result) in told.Where(t => t.Value == CommitResult.Unavailable))
                Assert.Null(snapshot.Find("CarePlan", $"{n}"));
        CrashTests.AssertWhole(postgres.ConnectionString);
    }

    private static async Task Until(Func<int> count, int atLeast)
    {
        for (var tries = 0; count() < atLeast; tries++)
        {
            Assert.True(tries < 2_000, "the writers do not go on");
            await Task.Delay(50);
        }
    }
}
