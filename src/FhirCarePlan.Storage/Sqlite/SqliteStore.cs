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
    private FileStream? claim;

    /// <param name="connectionString">`Data Source=path`; the file is created if missing, its folder is not.</param>
    /// <param name="migrates">Brings the schema up to date; else a schema that is not is refused.</param>
    /// <exception cref="LedgerKeyException">The ledger of this database was begun with another key.</exception>
    /// <exception cref="StoreRefusedException">The file or its schema is not one to work on.</exception>
    public SqliteStore(string connectionString, LedgerKey key, bool migrates = true) : base(key)
    {
        path = PathOf(connectionString);
        var connection = FileFaults.Name(path, () => SqliteConnection.OpenWriter(path));
        var overflow = new LedgerOverflowFile(path, key);
        try
        {
            FileFaults.Name(path, () => Open(connection, overflow, key, migrates));
            UnreadableOverflow = overflow.Unreadable;
            var log = new LogEmptier(SqliteConnection.OpenWriter(path));
            var files = new OpenFiles(path);
            Writer = new Writer(connection, key, new BesideFile(new LedgerOverflow(overflow, files), log, files));
        }
        catch
        {
            overflow.Dispose();
            connection.Dispose();
            throw;
        }
    }

    private bool Open(SqliteConnection connection, LedgerOverflowFile overflow, LedgerKey key, bool migrates)
    {
        if (connection.IsReadOnly) throw new StoreRefusedException($"The database {path} cannot be written to");
        Prepare(connection, "Sqlite", migrates, () => connection.Checkpoint());
        LedgerOpening.Run(connection, key, overflow);
        return true;
    }

    /// <summary>`FILE-open` names the definitions; every process that works under them has it open, and none can write another name into it
    /// meanwhile.</summary>
    public override void Claim(string definitions)
    {
        if (FileIdentity.Of(path) is null) return;
        var name = System.Text.Encoding.UTF8.GetBytes(definitions);
        try
        {
            using var alone = new FileStream(path + "-open", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            alone.SetLength(0);
            alone.Write(name);
        }
        catch (IOException)
        {
            // Somebody has it open.
        }
        claim = new FileStream(path + "-open", FileMode.Open, FileAccess.Read, FileShare.Read);
        var found = new byte[claim.Length];
        claim.ReadExactly(found);
        if (found.AsSpan().SequenceEqual(name)) return;
        claim.Dispose();
        throw new StoreRefusedException(ClaimedOtherwise);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        claim?.Dispose();
    }

    internal static string PathOf(string connectionString) => new SqliteConnectionStringBuilder(connectionString).DataSource;

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
