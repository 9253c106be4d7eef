using System.Threading.Channels;
using FhirCarePlan.Storage.Sqlite.Auditing;

namespace FhirCarePlan.Storage.Sqlite.Writing;

/// <summary>The one writer: a thread that takes whatever waits, up to a limit, writes it in one transaction and answers when that is
/// durable. Whoever comes while it commits is in the next group, so the more there is to do the cheaper each gets.
/// The order of steps for each: preconditions, change in a savepoint, audit rows outside of it. A stale change leaves no audit row:
/// its caller decides again and comes back, or gives up and comes back with an entry that says so.</summary>
internal sealed class Writer : IDisposable
{
    private const int MaxGroup = 256;
    /// <summary>Pages in the log after which it is emptied as far as readers allow, and after which the writer waits for them.</summary>
    private const int CheckpointPages = 4_000, MaxLogPages = 32_000;

    private readonly Connection connection;
    private readonly ChangeWriter changes;
    private readonly AuditLog audit;
    private readonly AuditFacets facets;
    private readonly Thread thread;
    private readonly List<WriteWork> group = new(MaxGroup);
    private int pagesInLog;
    /// <summary>The last group failed: wait for somebody to ask before trying again.</summary>
    private bool hasFailed;

    // Continuations run in place: all they do is wake this thread.
    private readonly Channel<WriteWork> queue = Channel.CreateUnbounded<WriteWork>(new() { SingleReader = true, AllowSynchronousContinuations = true });

    public Writer(Connection connection)
    {
        this.connection = connection;
        changes = new ChangeWriter(connection);
        audit = new AuditLog(connection);
        facets = new AuditFacets(connection);
        facets.ReadProgress();
        audit.ReadHead();
        thread = new Thread(Work) { Name = "store writer", IsBackground = true };
        thread.Start();
    }

    /// <summary>To be asked by a job.</summary>
    public bool IsIndexingAudit => facets.HasWork(audit.Head);

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
            Commit();
            foreach (var work in group) work.Complete();
            group.Clear();
            EmptyLog();
        }
        EmptyLog(atTheEnd: true);
    }

    /// <summary>Waits for something to do.</summary>
    private bool Take()
    {
        if ((hasFailed || !facets.HasWork(audit.Head)) && !queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult()) return false;
        while (group.Count < MaxGroup && queue.Reader.TryRead(out var work)) group.Add(work);
        return group.Count > 0 || !queue.Reader.Completion.IsCompleted;
    }

    private void Commit()
    {
        try
        {
            connection.Use("BEGIN IMMEDIATE").Run();
            audit.ReadHead();
            foreach (var work in group) Perform(work);
            facets.Step(audit.Head);
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

    private void Perform(WriteWork work)
    {
        try
        {
            if (work.Change is { IsEmpty: false } change && !changes.Write(change))
            {
                work.Outcome = CommitResult.Stale;
                return;
            }
            work.Job?.Invoke(connection);
        }
        catch (Exception bug) when (bug is not SqliteFailure)
        {
            work.Failure = bug; // A change has taken itself back; a job looks before it writes.
            return;
        }
        audit.Append(work.SealedAudit);
        work.Outcome = CommitResult.Done;
    }

    private void TakeBack()
    {
        hasFailed = true;
        facets.Forget();
        try
        {
            if (connection.IsInTransaction) connection.Use("ROLLBACK").Run();
            facets.ReadProgress();
        }
        catch (SqliteFailure)
        {
            // The next BEGIN will say so again.
        }
    }

    private void EmptyLog(bool atTheEnd = false)
    {
        pagesInLog += connection.TakePagesWritten();
        if (pagesInLog < CheckpointPages && !atTheEnd) return;
        try
        {
            pagesInLog = connection.Checkpoint(wait: atTheEnd || pagesInLog >= MaxLogPages);
        }
        catch (SqliteFailure)
        {
            pagesInLog = 0; // Tried again after as many pages; what is committed is safe in the log.
        }
    }
}
