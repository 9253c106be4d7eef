using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Sqlite.Auditing;
using FhirCarePlan.Storage.Sqlite.Writing;
using FhirCarePlan.Storage.Writing;
using Microsoft.Data.Sqlite;

namespace FhirCarePlan.Storage.Sqlite;

/// <summary>The embedded store: one file, one writer, as many readers as there are requests. https://sqlite.org/wal.html</summary>
public sealed class SqliteStore : DatabaseStore
{
    private readonly string path;

    /// <param name="connectionString">`Data Source=path`; the file is created if missing, its folder is not.</param>
    /// <exception cref="LedgerKeyException">The ledger of this database was begun with another key.</exception>
    public SqliteStore(string connectionString, LedgerKey key) : base(key)
    {
        path = new SqliteConnectionStringBuilder(connectionString).DataSource;
        var connection = SqliteConnection.OpenWriter(path);
        var overflow = new LedgerOverflowFile(path, key);
        try
        {
            Migrations.Apply(connection, "Sqlite");
            OldVersions.Fill(connection, () => connection.Checkpoint());
            LedgerOpening.Run(connection, key, overflow);
            UnreadableOverflow = overflow.Unreadable;
            var log = new LogEmptier(SqliteConnection.OpenWriter(path));
            Writer = new Writer(connection, key, new BesideFile(new LedgerOverflow(overflow), log));
        }
        catch
        {
            overflow.Dispose();
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of the ledger's overflow that the start could not read: 0 unless a crash cut off a row that nobody was told of, or
    /// somebody changed the file.</summary>
    public long UnreadableOverflow { get; }

    private protected override Connection OpenReader() => SqliteConnection.OpenReader(path);
    private protected override int MostIdleReaders { get; } = 8 * Environment.ProcessorCount + 16;

    // For tests: a disk that is full, a lock that is not given up.
    internal int Pages
    {
        get
        {
            var pages = 0;
            Writer.Run(connection =>
            {
                using var row = connection.Use("PRAGMA page_count");
                row.Step();
                pages = row.Int32(0);
            });
            return pages;
        }
    }
    internal void LimitPages(int pages) => Execute($"PRAGMA max_page_count = {pages}");
    internal void WaitForLock(TimeSpan time) => Execute($"PRAGMA busy_timeout = {(int)time.TotalMilliseconds}");

    private void Execute(string sql) => Writer.Run(connection => ((SqliteConnection)connection).Execute(sql));
}
