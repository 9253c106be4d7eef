using FhirCarePlan.Storage.Engine;
using System.Diagnostics;
using FhirCarePlan.Storage.Search;
using SQLitePCL;

namespace FhirCarePlan.Storage.Sqlite;

/// <summary>One SQLite connection with its prepared statements; used by one thread at a time.</summary>
internal sealed class SqliteConnection : Connection
{
    private const int MaxShapes = 200;
    private const int CacheWrites = 9; // SQLITE_DBSTATUS_CACHE_WRITE

    /// <summary>How many steps of SQLite's machine, some hundred microseconds, before it asks whether to go on.</summary>
    private const int StepsBetweenLooks = 10_000;

    private readonly sqlite3 database;
    private readonly Dictionary<string, SqliteStatement> statements = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, SqliteStatement> shapes = new(StringComparer.Ordinal);

    static SqliteConnection()
    {
        Batteries_V2.Init();
        // Keeping count of memory takes a lock that all connections share. Refused, harmlessly, when SQLite is in use already.
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private SqliteConnection(sqlite3 database) => this.database = database;

    public static SqliteConnection OpenWriter(string path)
    {
        var connection = Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        // LogEmptier runs the checkpoints, so that no request waits for one.
        connection.Execute("""
            PRAGMA page_size = 8192;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA secure_delete = ON;
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA cache_size = -65536;
            """);
        connection.Execute(ForSearch);
        return connection;
    }

    /// <summary>Opens for reading only (temporary tables excepted), once the writer has made the file.</summary>
    public static SqliteConnection OpenReader(string path)
    {
        var connection = Open(path, raw.SQLITE_OPEN_READONLY);
        connection.Execute("PRAGMA cache_size = -4096");
        connection.Execute(ForSearch);
        // Asked on the thread that runs the statement, so that no cancelling comes too early or too late, as `sqlite3_interrupt` may.
        raw.sqlite3_progress_handler(connection.database, StepsBetweenLooks, _ => connection.Cancel.IsCancellationRequested ? 1 : 0, null);
        return connection;
    }

    /// <summary>The decisions, the persons of a small view and the page, which a search joins with.</summary>
    private const string ForSearch = """
        CREATE TEMP TABLE permitted
        (
            slot INTEGER NOT NULL, is_own INTEGER NOT NULL, class INTEGER NOT NULL, kinds INTEGER NOT NULL, mask INTEGER NOT NULL,
            PRIMARY KEY (slot, is_own, class, kinds)
        ) WITHOUT ROWID;
        CREATE TEMP TABLE near (person INTEGER NOT NULL, is_own INTEGER NOT NULL, root INTEGER NOT NULL, PRIMARY KEY (is_own, person, root)) WITHOUT ROWID;
        CREATE TEMP TABLE page (key INTEGER PRIMARY KEY, mask INTEGER NOT NULL);
        """;

    private static SqliteConnection Open(string path, int mode)
    {
        var code = raw.sqlite3_open_v2(path, out var database, mode | raw.SQLITE_OPEN_NOMUTEX, null);
        if (code != raw.SQLITE_OK)
        {
            var failure = new SqliteFailure(code, raw.sqlite3_errstr(code).utf8_to_string());
            database?.Dispose();
            throw failure;
        }
        var connection = new SqliteConnection(database);
        // Every commit empties the readers' page caches; mapped pages are simply there.
        connection.Execute("PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 2147418112;");
        return connection;
    }

    /// <summary>A statement whose SQL is a constant of the program: found by reference.</summary>
    public override Statement Use(string sql)
    {
        Cancel.ThrowIfCancellationRequested();
        if (statements.TryGetValue(sql, out var statement)) return statement;
        Debug.Assert(ReferenceEquals(string.IsInterned(sql), sql), "SQL that is put together while running belongs to UseShape.");
        statements.Add(sql, statement = Prepare(sql));
        return statement;
    }

    public override Statement UseShape(string sql)
    {
        Cancel.ThrowIfCancellationRequested();
        if (shapes.TryGetValue(sql, out var statement)) return statement;
        if (shapes.Count >= MaxShapes)
        {
            foreach (var old in shapes.Values) old.Close();
            shapes.Clear();
        }
        shapes.Add(sql, statement = Prepare(sql));
        return statement;
    }

    public override void Execute(string sql) => Check(raw.sqlite3_exec(database, sql));

    /// <summary>A row without a number gets the next one. https://sqlite.org/lang_createtable.html#rowid</summary>
    public override long Insert(Statement insert)
    {
        insert.Bind(1, (long?)null).Run();
        return raw.sqlite3_last_insert_rowid(database);
    }

    public override void BeginRead() => Use("BEGIN").Run();
    public override void BeginWrite() => Use("BEGIN IMMEDIATE").Run();
    public override void BeginSchema() => Use("BEGIN EXCLUSIVE").Run();

    public override void Commit()
    {
        try
        {
            Use("COMMIT").Run();
        }
        catch (SqliteFailure failure) when ((failure.Code & 0xff) == raw.SQLITE_IOERR)
        {
            throw new SqliteFailure(failure.Code, "the log could not be written", isUncertain: true);
        }
    }

    public override void RollBack() => Use("ROLLBACK").Run();
    public override bool IsInTransaction => raw.sqlite3_get_autocommit(database) == 0;

    /// <summary>https://sqlite.org/pragma.html#pragma_integrity_check</summary>
    public override IEnumerable<string> OwnFaults()
    {
        using var row = Use("PRAGMA integrity_check(20)");
        while (row.Step())
            if (row.Text(0) is var said && said != "ok") yield return said;
    }

    /// <summary>The file was opened for reading only, since it cannot be opened otherwise.</summary>
    public bool IsReadOnly => raw.sqlite3_db_readonly(database, "main") == 1;

    /// <summary>Pages written since the last call, which in WAL mode is how far the log has grown.</summary>
    public int TakePagesWritten()
    {
        raw.sqlite3_db_status(database, CacheWrites, out var pages, out _, 1);
        return pages;
    }

    /// <summary>Copies the log into the database, as far as readers allow.</summary>
    /// <param name="wait">Waits for readers, so that the log starts from its beginning; gives up after the busy timeout, or after `most` if
    /// that is shorter.</param>
    /// <returns>How many pages the log holds, and how many of them are not in their place yet.</returns>
    public (int Pages, int Left) Checkpoint(bool wait = false, TimeSpan? most = null)
    {
        var usual = most is null ? 0 : BusyTimeout();
        if (most is { } shorter) Execute($"PRAGMA busy_timeout = {Math.Min(usual, (int)shorter.TotalMilliseconds)}");
        try
        {
            return Checkpoint(wait);
        }
        finally
        {
            if (most != null) Execute($"PRAGMA busy_timeout = {usual}");
        }
    }

    private int BusyTimeout()
    {
        using var row = Use("PRAGMA busy_timeout");
        return row.Step() ? row.Int32(0) : 0;
    }

    private (int Pages, int Left) Checkpoint(bool wait)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(database, null, wait ? raw.SQLITE_CHECKPOINT_TRUNCATE : raw.SQLITE_CHECKPOINT_PASSIVE,
            out var inLog, out var moved);
        if ((code & 0xff) is not (raw.SQLITE_BUSY or raw.SQLITE_LOCKED)) Check(code);
        return (inLog, inLog - moved);
    }

    public override void Dispose()
    {
        foreach (var statement in statements.Values) statement.Close();
        foreach (var statement in shapes.Values) statement.Close();
        database.Dispose();
    }

    /// <summary>Copies the state that this connection's transaction sees into a new file. https://sqlite.org/c3ref/backup_finish.html</summary>
    public void CopyTo(string file)
    {
        using var target = Open(file, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        using var backup = raw.sqlite3_backup_init(target.database, "main", database, "main");
        if (backup is null || backup.IsInvalid) target.Check(raw.sqlite3_errcode(target.database));
        var code = raw.sqlite3_backup_step(backup, -1);
        if (code != raw.SQLITE_DONE) throw new SqliteFailure(code, raw.sqlite3_errstr(code).utf8_to_string());
    }

    private SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out var handle));
        return new SqliteStatement(this, database, handle);
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw new SqliteFailure(code, raw.sqlite3_errmsg(database).utf8_to_string());
    }
}
