using System.Collections.Concurrent;
using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Reading;
using FhirCarePlan.Storage.Writing;

namespace FhirCarePlan.Storage;

/// <summary>A store in an SQL database: one writer of this process, as many readers as there are requests. An engine gives the
/// connections.</summary>
public abstract class DatabaseStore : IStore
{
    /// <summary>Bits 62 and 63 stay free, so that a mask is never negative.</summary>
    public const int MostCategories = 62;

    private readonly Known known;
    private readonly ConcurrentBag<ReadConnection> idle = [];
    private bool isOpen = true;

    private protected DatabaseStore(LedgerKey key) => known = new Known(key);

    /// <summary>Set by the engine's constructor.</summary>
    private protected Writer Writer { get; init; } = null!;
    private protected abstract Connection OpenReader();
    private protected abstract int MostIdleReaders { get; }

    /// <summary>What this start changed in the schema.</summary>
    public IReadOnlyList<string> Migrated { get; private set; } = [];

    /// <param name="afterSlice">What the engine does between two slices of a long change.</param>
    private protected void Prepare(Connection connection, string engine, bool migrates, Action? afterSlice = null)
    {
        if (migrates)
        {
            Migrated = Migrations.Apply(connection, engine);
            OldVersions.Fill(connection, afterSlice);
            return;
        }
        connection.BeginRead();
        Migrations.RequireAll(connection, engine);
        connection.RollBack();
    }

    internal LedgerKey Key => known.Key;

    public bool IsWritable()
    {
        if (!Writer.HasFailed) return true;
        try
        {
            SetSetting("probe", "");
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public abstract void Claim(string definitions);

    internal const string ClaimedOtherwise =
        "Another server process is at work on this database under another agreement or with another version of the program; stop it first";

    public ISnapshot Read(CancellationToken cancel = default, Expected? expected = null) => Open(cancel, expected);

    private Snapshot Open(CancellationToken cancel = default, Expected? expected = null)
    {
        ObjectDisposedException.ThrowIf(!isOpen, this);
        cancel.ThrowIfCancellationRequested();
        if (!idle.TryTake(out var reader)) reader = new ReadConnection(OpenReader());
        try
        {
            reader.Connection.Cancel = cancel;
            return new Snapshot(known, reader, Return, expected);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    private void Return(ReadConnection reader)
    {
        // What was broken off may have left anything behind.
        if (reader.Connection.Cancel.IsCancellationRequested)
        {
            reader.Dispose();
            return;
        }
        reader.Connection.Cancel = default;
        try
        {
            reader.Connection.Commit();
            if (isOpen && idle.Count < MostIdleReaders)
            {
                idle.Add(reader.Connection.KeepsLists ? reader : new ReadConnection(reader.Connection));
                return;
            }
        }
        catch (StoreFailure)
        {
            // Whatever it is, the next snapshot does not inherit it.
        }
        reader.Dispose();
    }

    public Task<CommitResult> Commit(Change change, IReadOnlyList<AuditEntry> audit, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested) return Task.FromCanceled<CommitResult>(cancel);
        return Writer.Add(new WriteWork
        {
            Change = change,
            Condition = change.Conditions.Count == 0 ? null : connection => Holds(change, connection),
            SealedAudit = [.. audit.Select(entry => new SealedEntry(entry))],
        });
    }

    private bool Holds(Change change, Connection connection)
    {
        foreach (var condition in change.Conditions)
            if (!condition(Inside(connection))) return false;
        return true;
    }

    /// <summary>What the writer's transaction sees.</summary>
    private Snapshot Inside(Connection connection) => new(known, new ReadConnection(connection), back: null);

    public CommitResult Suppose(Change change, Action<ISnapshot> question) => Question(change, question).GetAwaiter().GetResult();

    internal Task<CommitResult> Question(Change change, Action<ISnapshot> question) => Writer.Add(new WriteWork
    {
        Change = change,
        Question = connection => question(Inside(connection)),
    });

    public IReadOnlyDictionary<string, int> CategoryBits(IReadOnlyList<string> categories)
    {
        IReadOnlyDictionary<string, int> bits = new Dictionary<string, int>();
        Writer.Run(connection => bits = CategoryBit.Give(connection, categories));
        return bits;
    }

    public string? GetSetting(string name)
    {
        using var snapshot = Open();
        return snapshot.Setting(name);
    }

    public void SetSetting(string name, string value) => Writer.Run(connection =>
        connection.Use("INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .Bind(1, name).Bind(2, value).Run());

    public void RemoveSetting(string name) => Writer.Run(connection => connection.Use("DELETE FROM setting WHERE name = ?1").Bind(1, name).Run());

    public IReadOnlyList<(string Name, string Value)> Settings(string prefix)
    {
        using var snapshot = Open();
        return snapshot.Settings(prefix);
    }

    public LedgerProof VerifyLedger(LedgerReceipt? receipt = null)
    {
        using var snapshot = Open();
        return snapshot.VerifyLedger(receipt);
    }

    public LedgerReceipt Receipt(DateTimeOffset now)
    {
        using var snapshot = Open();
        return snapshot.Receipt(now);
    }

    public int EraseAudit(DateTimeOffset before, AuditEntry order)
    {
        long last;
        using (var snapshot = Open()) last = snapshot.LastToErase(before.UtcTicks);
        if (last == 0) return 0;
        int all = 0, erased;
        // On record before it happens: a crash in between leaves rows that may go, not rows that went unseen.
        var ordered = Commit(new Change(), [LedgerErasure.Order(order, last)], CancellationToken.None).GetAwaiter().GetResult();
        if (ordered != CommitResult.Done) throw new IOException("The database cannot be written to.");
        do
        {
            erased = 0;
            Writer.Run(connection => erased = LedgerErasure.EraseSlice(connection, last));
            all += erased;
        }
        while (erased > 0);
        Writer.Run(_ => Writer.TidyLedger(last));
        known.Tail.Forget();
        known.LedgerTexts.Forget();
        return all;
    }

    internal void FinishLedgerBlocks()
    {
        for (var isBusy = true; isBusy;) Writer.Run(_ => isBusy = Writer.IsIndexingLedger);
    }

    public virtual ValueTask DisposeAsync()
    {
        if (!isOpen) return ValueTask.CompletedTask;
        isOpen = false;
        Writer.Dispose();
        while (idle.TryTake(out var reader)) reader.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
