using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Sqlite.Auditing;
using FhirCarePlan.Storage.Writing;

namespace FhirCarePlan.Storage.Sqlite.Writing;

/// <summary>Keeps ledger rows while the writer is busy for long, so that a reader does not wait for somebody else's large transaction. The
/// rows are made durable in a file beside the database and acknowledged; the writer appends them as soon as it is free, or the next start
/// does after a crash.</summary>
internal sealed class LedgerOverflow : IDisposable
{
    private const int MostFolded = 100;

    private readonly Lock only = new();
    private readonly AutoResetEvent hasWork = new(false), isDone = new(false);
    private readonly LedgerOverflowFile file;
    private readonly OpenFiles files;
    private readonly Thread thread;
    private List<WriteWork> waiting = [];
    private readonly Queue<SealedEntry> kept = [];
    private readonly List<WriteWork> refused = [];
    /// <summary>So many rows of the file are in the database.</summary>
    private int taken;
    private bool isOpen, isWriting, isEnding;

    public LedgerOverflow(LedgerOverflowFile file, OpenFiles files)
    {
        (this.file, this.files) = (file, files);
        thread = new Thread(Work) { Name = "ledger overflow", IsBackground = true };
        thread.Start();
    }

    /// <summary>Rows that are acknowledged and wait to be appended; to be asked by the writer while this is closed.</summary>
    public bool HasKept => kept.Count > 0;

    /// <summary>Appends the next kept rows, in the writer's transaction: so few at a time that nobody notices.</summary>
    public void Fold(Connection connection, LedgerLog ledger)
    {
        foreach (var row in kept.Take(MostFolded)) ledger.Append(row);
        file.MarkTaken(connection, taken + Math.Min(kept.Count, MostFolded));
    }

    /// <returns>False: the writer takes it, now or soon.</returns>
    public bool TryAdd(WriteWork work)
    {
        if (!work.IsLedgerOnly || !isOpen || !file.IsUsable) return false;
        lock (only)
        {
            if (!isOpen) return false;
            waiting.Add(work);
        }
        hasWork.Set();
        return true;
    }

    public void Open()
    {
        lock (only) isOpen = true;
    }

    /// <summary>Waits for rows that are being written to the file.</summary>
    /// <returns>Rows that could not be kept and that the writer must write.</returns>
    public List<WriteWork> Close()
    {
        lock (only) isOpen = false;
        while (true)
        {
            lock (only)
                if (!isWriting && waiting.Count == 0)
                {
                    var left = refused.ToList();
                    refused.Clear();
                    // A disk that was full once does not switch this off for good.
                    if (kept.Count == 0 && !file.IsUsable) file.Clear();
                    return left;
                }
            isDone.WaitOne();
        }
    }

    /// <summary>What was appended last is committed.</summary>
    public void Folded()
    {
        for (var left = Math.Min(kept.Count, MostFolded); left > 0; left--, taken++) kept.Dequeue();
        if (kept.Count > 0) return;
        file.Empty();
        taken = 0;
    }

    private void Work()
    {
        while (true)
        {
            hasWork.WaitOne();
            List<WriteWork> some;
            lock (only)
            {
                if (waiting.Count == 0 && isEnding) return;
                (some, waiting) = (waiting, []);
                isWriting = some.Count > 0;
            }
            if (some.Count == 0) continue;
            // Without its database the file is no record; the writer will say so.
            var isKept = files.AreInPlace() && file.IsInPlace && file.TryAppend(some.SelectMany(work => work.SealedAudit));
            lock (only)
            {
                if (!isKept) refused.AddRange(some);
                else
                    foreach (var row in some.SelectMany(work => work.SealedAudit)) kept.Enqueue(row);
                isWriting = false;
            }
            isDone.Set();
            if (!isKept) continue;
            foreach (var work in some)
            {
                work.Outcome = CommitResult.Done;
                work.Complete();
            }
        }
    }

    /// <summary>The writer has ended.</summary>
    public void Dispose()
    {
        lock (only) isEnding = true;
        hasWork.Set();
        thread.Join();
        file.Dispose();
        hasWork.Dispose();
        isDone.Dispose();
    }
}
