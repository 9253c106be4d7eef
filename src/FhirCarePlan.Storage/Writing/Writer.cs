using System.Threading.Channels;
using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Writing;

/// <summary>The one writer: a thread that takes whatever waits, up to a limit, writes it in one transaction and answers when that is
/// durable. Whoever comes while it commits is in the next group, so the more there is to do the cheaper each gets. Each is written as if in
/// a savepoint of its own: a group is first written without; should one of its changes fail after its preconditions held, the group is
/// taken back and written again with a savepoint for each. Audit rows follow their change, outside of its savepoint. A stale change leaves
/// none: its caller decides again and comes back, or gives up and comes back with an entry that says so. A large change is written alone.
/// Meanwhile ledger rows of others go to the overflow, and to the ledger with the next group.</summary>
internal sealed class Writer : IDisposable
{
    private const int MaxGroup = 256;
    private readonly Connection connection;
    private readonly Foreseen foreseen;
    private readonly ChangeWriter changes;
    private readonly LedgerLog ledger;
    private readonly LedgerBlocks blocks;
    private readonly Beside beside;
    private readonly Thread thread;
    private readonly List<WriteWork> group = new(MaxGroup), questions = [];
    /// <summary>Taken from the queue, not begun yet.</summary>
    private readonly Queue<WriteWork> next = [], longs = [];
    private bool wasLong;
    /// <summary>The last group failed: wait for a new request before trying again.</summary>
    private bool hasFailed;
    /// <summary>From here on a failure may mean that the group is there all the same.</summary>
    private bool isCommitting;

    // Continuations run in place: all they do is wake this thread.
    private readonly Channel<WriteWork> queue =
        Channel.CreateUnbounded<WriteWork>(new() { SingleReader = true, AllowSynchronousContinuations = true });

    public Writer(Connection connection, LedgerKey key, Beside beside)
    {
        (this.connection, this.beside) = (connection, beside);
        foreseen = new Foreseen(connection);
        changes = new ChangeWriter(connection, foreseen);
        ledger = new LedgerLog(connection, key, (type, id) => foreseen.Find(type, id)?.Key);
        blocks = new LedgerBlocks(connection, key);
        blocks.ReadProgress();
        ledger.ReadHead();
        thread = new Thread(Work) { Name = "store writer", IsBackground = true };
        thread.Start();
    }

    /// <summary>The last group could not be written.</summary>
    public bool HasFailed => Volatile.Read(ref hasFailed);

    /// <summary>To be asked by a job.</summary>
    public bool IsIndexingLedger => blocks.HasWork(ledger.Head);

    /// <summary>To be called by a job, once payloads up to this row have been erased.</summary>
    public void TidyLedger(long last)
    {
        LedgerErasure.Tidy(connection, blocks, last);
        ledger.Forget();
    }

    public Task<CommitResult> Add(WriteWork work)
    {
        if (!beside.TryAdd(work) && !queue.Writer.TryWrite(work)) throw new ObjectDisposedException(nameof(IStore));
        return work.Task;
    }

    /// <summary>Runs a job of the store's own and waits for it; rare things only.</summary>
    public void Run(Action<Connection> job)
    {
        var result = Add(new WriteWork { Job = job }).GetAwaiter().GetResult();
        if (result is CommitResult.Unavailable or CommitResult.Uncertain) throw new IOException("The database cannot be written to.");
    }

    public void Dispose()
    {
        queue.Writer.TryComplete();
        thread.Join();
        beside.Dispose();
        connection.Dispose();
    }

    private void Work()
    {
        while (Take())
        {
            var isLong = group.Exists(work => work.IsLong) || questions.Exists(work => work.IsLong);
            if (isLong) OpenOverflow();
            if (group.Count > 0 || questions.Count == 0) Commit();
            foreach (var work in group) work.Complete();
            group.Clear();
            foreach (var work in questions) Answer(work);
            questions.Clear();
            if (isLong) beside.Close().ForEach(next.Enqueue);
            beside.Grew(connection);
        }
        beside.End(connection);
    }

    /// <summary>Waits for something to do: all short things that wait, or one long thing.</summary>
    private bool Take()
    {
        var isIdle = next.Count == 0 && longs.Count == 0 && !beside.HasKept && !blocks.HasWork(ledger.Head);
        if ((hasFailed && next.Count == 0 && longs.Count == 0 || isIdle) && !queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            return false;
        if (!wasLong && TakeLong()) return true;
        wasLong = false;
        while (group.Count + questions.Count < MaxGroup && (next.TryDequeue(out var work) || queue.Reader.TryRead(out work)))
            if (work.IsLong) longs.Enqueue(work);
            else Include(work);
        return group.Count + questions.Count > 0 || TakeLong() || !queue.Reader.Completion.IsCompleted || beside.HasKept;
    }

    /// <summary>After a long thing those have their turn who waited for it, and the overflow is folded in.</summary>
    private bool TakeLong()
    {
        if (beside.HasKept || !longs.TryDequeue(out var work)) return false;
        Include(work);
        return wasLong = true;
    }

    private void Include(WriteWork work) => (work.Question is null ? group : questions).Add(work);

    /// <summary>From here on ledger rows go to the overflow, those included that wait already.</summary>
    private void OpenOverflow()
    {
        beside.Open();
        for (var count = next.Count; count > 0; count--) Hand(next.Dequeue());
        while (queue.Reader.TryRead(out var work)) Hand(work);

        void Hand(WriteWork work)
        {
            if (!beside.TryAdd(work)) next.Enqueue(work);
        }
    }

    private void Commit()
    {
        try
        {
            // A large change waits for nothing that need not be done first.
            var kept = !group.Exists(work => work.IsLong) && beside.HasKept;
            if (!beside.IsInPlace)
            {
                Say(CommitResult.Unavailable);
                return;
            }
            if (!CommitGroup(kept, inSavepoints: false)) CommitGroup(kept, inSavepoints: true);
            hasFailed = false;
            if (kept) beside.Folded();
            // Replaced while we wrote: what we wrote is in a file that nobody will open again.
            if (!beside.IsInPlace) Say(CommitResult.Uncertain);
        }
        catch (StoreFailure failure) when (failure.IsUncertain)
        {
            if (IsStored() is not { } isStored) Say(CommitResult.Uncertain);
            else if (isStored) hasFailed = false;
            else Say(CommitResult.Unavailable);
        }
        catch (StoreFailure)
        {
            // Disk full, locked, not writable: nothing of the group is there, and everybody hears it.
            Say(CommitResult.Unavailable);
        }
        catch (Exception bug)
        {
            if (isCommitting) Say(CommitResult.Uncertain);
            else TakeBack();
            foreach (var work in group) work.Failure = isCommitting ? null : bug;
        }
    }

    /// <summary>Takes the group back, as far as it was written; everybody hears it.</summary>
    private void Say(CommitResult outcome)
    {
        TakeBack();
        foreach (var work in group) (work.Outcome, work.Failure) = (outcome, null);
    }

    /// <summary>The connection was lost while the group was being committed: looks whether it is there. Null: that cannot be found
    /// out.</summary>
    private bool? IsStored()
    {
        for (var attempt = 0; attempt < 10; attempt++)
            try
            {
                if (connection.IsInTransaction) connection.RollBack();
                connection.BeginWrite();
                var isThere = ledger.IsStored();
                if (isThere) connection.RollBack();
                else Overwrite();
                return isThere;
            }
            catch (StoreFailure)
            {
                Task.Delay(200).GetAwaiter().GetResult();
            }
        return null;
    }

    /// <summary>What a file's log holds of the lost group could come back after a crash, until something else is written in its
    /// place.</summary>
    private void Overwrite()
    {
        connection.Use("UPDATE ledger_head SET seq = seq").Run();
        connection.Commit();
    }

    /// <returns>False: a change failed halfway, and all is taken back.</returns>
    private bool CommitGroup(bool kept, bool inSavepoints)
    {
        isCommitting = false;
        try
        {
            if (!WriteGroup(kept, inSavepoints)) return false;
            ledger.WriteHead();
            blocks.Step(ledger.Head);
            isCommitting = true;
            connection.Commit();
            return true;
        }
        catch (StoreFailure failure) when (failure.IsConstraint && !inSavepoints)
        {
            // An engine that sends a group in one piece hears only now that one change did not go.
            TakeBack();
            return false;
        }
    }

    private bool WriteGroup(bool kept, bool inSavepoints)
    {
        connection.BeginWrite();
        if (connection.IsFar) foreseen.Fetch(group, connection.Use(LedgerHead.Query));
        ledger.ReadHead();
        if (kept) beside.Fold(connection, ledger);
        foreach (var work in group)
        {
            if (Write(work, inSavepoints)) continue;
            connection.RollBack();
            return false;
        }
        return true;
    }

    private bool Write(WriteWork work, bool inSavepoint)
    {
        try
        {
            var written = work.Change is { IsEmpty: false } change ? changes.Write(change, inSavepoint, work.Condition) : Written.Whole;
            if (written == Written.Torn) return false;
            work.Outcome = written == Written.Stale ? CommitResult.Stale : CommitResult.Done;
            if (written == Written.Stale) return true;
            work.Job?.Invoke(connection);
        }
        catch (Exception bug) when (bug is not StoreFailure)
        {
            work.Failure = bug; // A change has taken itself back; a job looks before it writes.
            return true;
        }
        foreach (var entry in work.SealedAudit) ledger.Append(entry);
        return true;
    }

    /// <summary>Nothing of it is committed, and it sees no uncommitted work of others.</summary>
    private void Answer(WriteWork work)
    {
        try
        {
            connection.BeginWrite();
            foreseen.Forget();
            work.Outcome = work.Change!.IsEmpty || changes.Write(work.Change, inSavepoint: false) == Written.Whole
                ? CommitResult.Done : CommitResult.Stale;
            if (work.Outcome == CommitResult.Done) work.Question!(connection);
        }
        catch (StoreFailure)
        {
            work.Outcome = CommitResult.Unavailable;
        }
        catch (Exception bug)
        {
            work.Failure = bug;
        }
        try
        {
            if (connection.IsInTransaction) connection.RollBack();
        }
        catch (StoreFailure)
        {
            // The next BEGIN will say so again.
        }
        work.Complete();
    }

    private void TakeBack()
    {
        hasFailed = true;
        blocks.Forget();
        try
        {
            if (connection.IsInTransaction) connection.RollBack();
            blocks.ReadProgress();
        }
        catch (StoreFailure)
        {
            // The next BEGIN will say so again.
        }
    }
}
