using FhirCarePlan.Storage.Sqlite.Auditing;
using FhirCarePlan.Storage.Writing;

namespace FhirCarePlan.Storage.Sqlite.Writing;

/// <summary>Keeps ledger rows while the writer is busy for long, so that a reader does not wait for somebody else's large transaction. The
/// rows are made durable in a file beside the database and acknowledged; the writer appends them as soon as it is free, or the next start
/// does after a crash.</summary>
internal sealed class LedgerOverflow : IDisposable
{
    private readonly Lock only = new();
    private readonly AutoResetEvent hasWork = new(false), isDone = new(false);
    private readonly LedgerOverflowFile file;
    private readonly Thread thread;
    private List<WriteWork> waiting = [];
    private readonly List<WriteWork> kept = [], refused = [];
    private bool isOpen, isWriting, isEnding;

    public LedgerOverflow(LedgerOverflowFile file)
    {
        this.file = file;
        thread = new Thread(Work) { Name = "ledger overflow", IsBackground = true };
        thread.Start();
    }

    /// <summary>Work whose rows are acknowledged and wait to be appended; the writer looks at it while this is closed.</summary>
    public IReadOnlyList<WriteWork> Kept => kept;

    /// <summary>What the database must say once all of `Kept` is appended.</summary>
    public long Generation => file.Generation;

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

    /// <summary>All of `Kept` is in the database.</summary>
    public void Empty()
    {
        kept.Clear();
        file.Empty();
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
            var isKept = file.TryAppend(some.SelectMany(work => work.SealedAudit));
            lock (only)
            {
                (isKept ? kept : refused).AddRange(some);
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
