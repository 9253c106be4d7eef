using System.Threading.Channels;
using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Sqlite.Auditing;

namespace FhirCarePlan.Storage.Sqlite.Writing;

/// <summary>The one writer: a thread that takes whatever waits, up to a limit, writes it in one transaction and answers when that is
/// durable. Whoever comes while it commits is in the next group, so the more there is to do the cheaper each gets.
/// Each is written as if in a savepoint of its own: a group is first written without; should one of its changes fail after its preconditions
/// held, the group is taken back and written again with a savepoint for each. Audit rows follow their change, outside of its savepoint. A
/// stale change leaves none: its caller decides again and comes back, or gives up and comes back with an entry that says so.</summary>
internal sealed class Writer : IDisposable
{
    private const int MaxGroup = 256;
    /// <summary>After so many new pages the log is emptied as far as readers allow; a log of so many is begun anew, if readers leave in time.</summary>
    private const int CheckpointPages = 4_000, MaxLogPages = 32_000;

    /// <summary>Everybody waits meanwhile, so a long search must not make it long.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Connection connection;
    private readonly ChangeWriter changes;
    private readonly LedgerLog ledger;
    private readonly LedgerBlocks blocks;
    private readonly Thread thread;
    private readonly List<WriteWork> group = new(MaxGroup), questions = [];
    private int newPages, logPages, waitAt = MaxLogPages;
    /// <summary>The last group failed: wait for somebody to ask before trying again.</summary>
    private bool hasFailed;

    // Continuations run in place: all they do is wake this thread.
    private readonly Channel<WriteWork> queue = Channel.CreateUnbounded<WriteWork>(new() { SingleReader = true, AllowSynchronousContinuations = true });

    public Writer(Connection connection, LedgerKey key)
    {
        this.connection = connection;
        changes = new ChangeWriter(connection);
        ledger = new LedgerLog(connection, key);
        blocks = new LedgerBlocks(connection, key);
        blocks.ReadProgress();
        ledger.ReadHead();
        thread = new Thread(Work) { Name = "store writer", IsBackground = true };
        thread.Start();
    }

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
        if (!queue.Writer.TryWrite(work)) throw new ObjectDisposedException(nameof(SqliteStore));
        return work.Task;
    }

    /// <summary>Runs a job of the store's own and waits for it; rare things only.</summary>
    public void Run(Action<Connection> job)
    {
        var result = Add(new WriteWork { Job = job }).GetAwaiter().GetResult();
        if (result == CommitResult.Unavailable) throw new IOException("The database cannot be written to.");
    }

    public void Dispose()
    {
        queue.Writer.TryComplete();
        thread.Join();
        connection.Dispose();
    }

    private void Work()
    {
        while (Take())
        {
            if (group.Count > 0 || questions.Count == 0) Commit();
            foreach (var work in group) work.Complete();
            group.Clear();
            foreach (var work in questions) Answer(work);
            questions.Clear();
            EmptyLog();
        }
        EmptyLog(atTheEnd: true);
    }

    /// <summary>Waits for something to do.</summary>
    private bool Take()
    {
        if ((hasFailed || !blocks.HasWork(ledger.Head)) && !queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult()) return false;
        while (group.Count < MaxGroup && queue.Reader.TryRead(out var work)) (work.Question is null ? group : questions).Add(work);
        return group.Count > 0 || questions.Count > 0 || !queue.Reader.Completion.IsCompleted;
    }

    private void Commit()
    {
        try
        {
            if (!WriteGroup(inSavepoints: false)) WriteGroup(inSavepoints: true);
            ledger.WriteHead();
            blocks.Step(ledger.Head);
            connection.Use("COMMIT").Run();
            hasFailed = false;
        }
        catch (SqliteFailure)
        {
            // Disk full, locked, not writable: nothing of the group is there, and everybody hears it.
            TakeBack();
            foreach (var work in group) (work.Outcome, work.Failure) = (CommitResult.Unavailable, null);
        }
        catch (Exception bug)
        {
            TakeBack();
            foreach (var work in group) work.Failure = bug;
        }
    }

    /// <returns>False: a change failed halfway, and all is taken back.</returns>
    private bool WriteGroup(bool inSavepoints)
    {
        connection.Use("BEGIN IMMEDIATE").Run();
        ledger.ReadHead();
        foreach (var work in group)
        {
            if (Write(work, inSavepoints)) continue;
            connection.Use("ROLLBACK").Run();
            return false;
        }
        return true;
    }

    private bool Write(WriteWork work, bool inSavepoint)
    {
        try
        {
            var written = work.Change is { IsEmpty: false } change ? changes.Write(change, inSavepoint) : Written.Whole;
            if (written == Written.Torn) return false;
            work.Outcome = written == Written.Stale ? CommitResult.Stale : CommitResult.Done;
            if (written == Written.Stale) return true;
            work.Job?.Invoke(connection);
        }
        catch (Exception bug) when (bug is not SqliteFailure)
        {
            work.Failure = bug; // A change has taken itself back; a job looks before it writes.
            return true;
        }
        foreach (var entry in work.SealedAudit) ledger.Append(entry);
        return true;
    }

    /// <summary>Nothing of it is committed, and nobody else's uncommitted work is seen by it.</summary>
    private void Answer(WriteWork work)
    {
        try
        {
            connection.Use("BEGIN IMMEDIATE").Run();
            work.Outcome = work.Change!.IsEmpty || changes.Write(work.Change, inSavepoint: false) == Written.Whole ? CommitResult.Done : CommitResult.Stale;
            if (work.Outcome == CommitResult.Done) work.Question!(connection);
        }
        catch (SqliteFailure)
        {
            work.Outcome = CommitResult.Unavailable;
        }
        catch (Exception bug)
        {
            work.Failure = bug;
        }
        try
        {
            if (connection.IsInTransaction) connection.Use("ROLLBACK").Run();
        }
        catch (SqliteFailure)
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
            if (connection.IsInTransaction) connection.Use("ROLLBACK").Run();
            blocks.ReadProgress();
        }
        catch (SqliteFailure)
        {
            // The next BEGIN will say so again.
        }
    }

    private void EmptyLog(bool atTheEnd = false)
    {
        newPages += connection.TakePagesWritten();
        if (newPages < CheckpointPages && !atTheEnd) return;
        newPages = 0;
        try
        {
            var wait = atTheEnd || logPages >= waitAt;
            logPages = connection.Checkpoint(wait, atTheEnd ? null : Pause);
            // A reader that stays stops everybody for one short pause, not for one after each group.
            if (wait) waitAt = logPages + CheckpointPages;
        }
        catch (SqliteFailure)
        {
            // Tried again after as many pages; what is committed is safe in the log.
        }
    }
}
