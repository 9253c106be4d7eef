using System.Collections.Concurrent;
using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Sqlite.Auditing;
using FhirCarePlan.Storage.Sqlite.Reading;
using FhirCarePlan.Storage.Sqlite.Writing;
using Microsoft.Data.Sqlite;

namespace FhirCarePlan.Storage.Sqlite;

/// <summary>The embedded store: one file, one writer, as many readers as there are requests. https://sqlite.org/wal.html</summary>
public sealed class SqliteStore : IStore
{
    /// <summary>Bits 62 and 63 stay free, so that a mask is never negative.</summary>
    public const int MostCategories = 62;
    private static readonly int MostIdleReaders = 8 * Environment.ProcessorCount + 16;

    private readonly string path;
    private readonly LedgerKey key;
    private readonly Writer writer;
    private readonly ConcurrentBag<ReadConnection> idle = [];
    private const int MostStates = 10_000;
    private readonly ConcurrentDictionary<int, string> states = new();
    private bool isOpen = true;

    /// <param name="connectionString">`Data Source=path`; the file is created if missing, its folder is not.</param>
    /// <exception cref="LedgerKeyException">The ledger of this database was begun with another key.</exception>
    public SqliteStore(string connectionString, LedgerKey key)
    {
        this.key = key;
        Tail = new LedgerTail(key);
        path = new SqliteConnectionStringBuilder(connectionString).DataSource;
        var connection = Connection.OpenWriter(path);
        var overflow = new LedgerOverflowFile(path, key);
        try
        {
            Migrations.Apply(connection);
            LedgerStart.Run(connection, key, overflow);
            UnreadableOverflow = overflow.Unreadable;
            writer = new Writer(connection, key, new LedgerOverflow(overflow), new LogEmptier(Connection.OpenWriter(path)));
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

    internal LedgerKey Key => key;
    internal LedgerTail Tail { get; }
    internal LedgerTextCache LedgerTexts { get; } = new();

    public ISnapshot Read()
    {
        ObjectDisposedException.ThrowIf(!isOpen, this);
        if (!idle.TryTake(out var reader)) reader = new ReadConnection(Connection.OpenReader(path));
        try
        {
            return new Snapshot(this, reader);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    internal void Return(ReadConnection reader)
    {
        try
        {
            reader.Connection.Use("COMMIT").Run();
            if (isOpen && idle.Count < MostIdleReaders)
            {
                idle.Add(reader);
                return;
            }
        }
        catch (SqliteFailure)
        {
            // Whatever it is, the next snapshot does not inherit it.
        }
        reader.Dispose();
    }

    public Task<CommitResult> Commit(Change change, IReadOnlyList<AuditEntry> audit, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested) return Task.FromCanceled<CommitResult>(cancel);
        return writer.Add(new WriteWork { Change = change, SealedAudit = [.. audit.Select(entry => new SealedEntry(entry))] });
    }

    public CommitResult Suppose(Change change, Action<ISnapshot> question) => writer.Add(new WriteWork
    {
        Change = change,
        Question = connection => question(new Snapshot(this, new ReadConnection(connection), isSupposed: true)),
    }).GetAwaiter().GetResult();

    public IReadOnlyDictionary<string, int> CategoryBits(IReadOnlyList<string> categories)
    {
        var bits = new Dictionary<string, int>(StringComparer.Ordinal);
        writer.Run(connection =>
        {
            // A job may run twice, when its group is taken back once.
            bits.Clear();
            var next = 0;
            using (var rows = connection.Use("SELECT category, bit FROM category_bit"))
            {
                while (rows.Step())
                {
                    bits[rows.Text(0)] = rows.Int32(1);
                    next = Math.Max(next, rows.Int32(1) + 1);
                }
            }
            var added = categories.Where(category => !bits.ContainsKey(category)).Distinct().ToList();
            if (next + added.Count > MostCategories)
                throw new InvalidOperationException($"{next} of {MostCategories} category bits were given already, and a bit is never used again: {added.Count} more do not fit.");
            foreach (var category in added)
            {
                bits[category] = next;
                connection.Use("INSERT INTO category_bit (category, bit) VALUES (?1, ?2)").Bind(1, category).Bind(2, next++).Run();
            }
        });
        return categories.Distinct().ToDictionary(category => category, category => bits[category], StringComparer.Ordinal);
    }

    /// <summary>Interned states never change, but in a supposed state they may be taken back.</summary>
    internal string ConsentState(int consentClass, Snapshot snapshot, bool isSupposed)
    {
        if (consentClass == 0) return "";
        if (states.TryGetValue(consentClass, out var known)) return known;
        var state = snapshot.StoredState(consentClass) ?? throw new InvalidOperationException($"There is no consent class {consentClass}.");
        if (isSupposed) return state;
        if (states.Count >= MostStates) states.Clear();
        return states[consentClass] = state;
    }

    public string? GetSetting(string name)
    {
        using var snapshot = (Snapshot)Read();
        return snapshot.Setting(name);
    }

    public void SetSetting(string name, string value) =>
        writer.Run(connection => connection.Use("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)").Bind(1, name).Bind(2, value)
            .Run());

    public LedgerProof VerifyLedger(LedgerReceipt? receipt = null)
    {
        using var snapshot = (Snapshot)Read();
        return snapshot.VerifyLedger(receipt);
    }

    public LedgerReceipt Receipt(DateTimeOffset now)
    {
        using var snapshot = (Snapshot)Read();
        return snapshot.Receipt(now);
    }

    public int EraseAudit(DateTimeOffset before, AuditEntry order)
    {
        long last;
        using (var snapshot = (Snapshot)Read()) last = snapshot.LastToErase(before.UtcTicks);
        if (last == 0) return 0;
        int all = 0, erased;
        // On record before it happens: a crash in between leaves rows that may go, not rows that went unseen.
        var ordered = Commit(new Change(), [LedgerErasure.Order(order, last)], CancellationToken.None).GetAwaiter().GetResult();
        if (ordered != CommitResult.Done) throw new IOException("The database cannot be written to.");
        do
        {
            erased = 0;
            writer.Run(connection => erased = LedgerErasure.EraseSlice(connection, last));
            all += erased;
        }
        while (erased > 0);
        writer.Run(_ => writer.TidyLedger(last));
        Tail.Forget();
        LedgerTexts.Forget();
        return all;
    }

    // For tests: a disk that is full, a lock that is not given up.
    internal int Pages
    {
        get
        {
            var pages = 0;
            writer.Run(connection =>
            {
                using var row = connection.Use("PRAGMA page_count");
                row.Step();
                pages = row.Int32(0);
            });
            return pages;
        }
    }
    internal void LimitPages(int pages) => writer.Run(connection => connection.Execute($"PRAGMA max_page_count = {pages}"));
    internal void WaitForLock(TimeSpan time) =>
        writer.Run(connection => connection.Execute($"PRAGMA busy_timeout = {(int)time.TotalMilliseconds}"));

    internal void FinishLedgerBlocks()
    {
        for (var isBusy = true; isBusy;) writer.Run(_ => isBusy = writer.IsIndexingLedger);
    }

    public ValueTask DisposeAsync()
    {
        if (!isOpen) return ValueTask.CompletedTask;
        isOpen = false;
        writer.Dispose();
        while (idle.TryTake(out var reader)) reader.Dispose();
        return ValueTask.CompletedTask;
    }
}
