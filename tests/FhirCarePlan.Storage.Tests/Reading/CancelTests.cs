using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Sqlite;

namespace FhirCarePlan.Storage.Tests.Reading;

/// <summary>Nobody waits for the answer any more: the database stops working on it.</summary>
public class CancelTests
{
    private const int Patience = 60_000;

    /// <summary>Never ends by itself.</summary>
    private const string Endless = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT (x + 1) % 1000 FROM n) SELECT count(*) FROM n";

    [Fact(Timeout = Patience)]
    public async Task A_statement_ends_while_it_runs()
    {
        await using var given = new Given();
        using var connection = Reader(given);
        using var cancel = new CancellationTokenSource();
        connection.Cancel = cancel.Token;
        var running = Task.Run(() => connection.Use(Endless).Step());
        await Task.Delay(100);
        Assert.False(running.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(0, Busy(given));
    }

    [Fact(Timeout = Patience)]
    public async Task A_statement_is_not_begun_once_it_is_cancelled()
    {
        await using var given = new Given();
        using var connection = Reader(given);
        connection.Cancel = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => connection.Use(Endless).Step()));
    }

    [Fact]
    public async Task A_snapshot_asks_nothing_more_and_the_next_one_is_not_touched()
    {
        await using var given = new Given();
        await given.Put("Task/1");
        for (var time = 0; time < 3; time++)
        {
            using var cancel = new CancellationTokenSource();
            using (var snapshot = given.Store.Read(cancel.Token))
            {
                Assert.NotNull(snapshot.Find("Task", "1"));
                await cancel.CancelAsync();
                Assert.ThrowsAny<OperationCanceledException>(() => snapshot.Find("Task", "1"));
                Assert.ThrowsAny<OperationCanceledException>(() => snapshot.Search(new SearchQuery("Task"), Given.Own(1)));
            }
            Assert.ThrowsAny<OperationCanceledException>(() => given.Store.Read(cancel.Token));
            Assert.Equal("1", given.Ids(new SearchQuery("Task")));
        }
    }

    [Fact]
    public async Task A_search_ends_between_two_questions()
    {
        await using var given = new Given();
        for (var n = 0; n < 3; n++) await given.Put($"Task/{n}");
        using var cancel = new CancellationTokenSource();
        using var snapshot = given.Store.Read(cancel.Token);
        Assert.ThrowsAny<OperationCanceledException>(() => snapshot.Search(new SearchQuery("Task"), new(Given.Key(), new LeavingView(cancel))));
    }

    /// <summary>The caller goes away while the search decides.</summary>
    private sealed class LeavingView(CancellationTokenSource leaves) : ISearchView
    {
        public ViewBasis Basis(string type, bool isOwn) => new(1, 1, false, false);

        public long Permitted(string type, bool isOwn, Standing standing)
        {
            leaves.Cancel();
            return 1;
        }
    }

    private static Connection Reader(Given given) => OnPostgres.IsChosen ? given.Connect() : SqliteConnection.OpenReader(given.File);

    /// <summary>Sessions of this database that still work; SQLite has none but its callers' own.</summary>
    private static long Busy(Given given)
    {
        if (!OnPostgres.IsChosen) return 0;
        using var connection = given.Connect();
        using var row = connection.Use("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%(x + 1)%' AND pid <> pg_backend_pid()");
        return row.Step() ? row.Int64(0) : -1;
    }
}
