namespace FhirCarePlan.Storage.Sqlite.Writing;

/// <summary>Copies the pages of the write-ahead log into the database, on a thread and a connection of its own, so that neither writers nor
/// readers wait. The writer copies pages written meanwhile itself: once all are copied, SQLite starts the log again.
/// https://sqlite.org/wal.html#ckpt</summary>
internal sealed class LogEmptier : IDisposable
{
    /// <summary>After so many new pages the log is copied as far as readers allow; a log of so many starts again, if readers leave in
    /// time.</summary>
    private const int CheckpointPages = 4_000, MaxLogPages = 32_000, FinishPages = 1_500;

    /// <summary>Everybody waits meanwhile, so a long search must not prolong it.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Connection own;
    private readonly AutoResetEvent isDue = new(false);
    private readonly Thread thread;
    private int newPages, waitAt = MaxLogPages;
    private volatile int logPages;
    private volatile Round round;
    private volatile bool isEnding;

    private enum Round { None, Running, Done }

    /// <param name="own">A connection for this alone.</param>
    public LogEmptier(Connection own)
    {
        this.own = own;
        thread = new Thread(Work) { Name = "store log", IsBackground = true };
        thread.Start();
    }

    /// <summary>To be called by the writer between two groups.</summary>
    public void Grew(Connection writer)
    {
        newPages += writer.TakePagesWritten();
        switch (round)
        {
            case Round.None when newPages >= CheckpointPages:
            case Round.Done when newPages > FinishPages:
                newPages = 0;
                round = Round.Running;
                isDue.Set();
                break;
            case Round.Done:
                newPages = 0;
                round = Round.None;
                if (Checkpoint(writer, wait: false, null) is { } left) logPages = left;
                break;
            default:
                return;
        }
        if (logPages < waitAt) return;
        // A reader that stays stops everybody for one short pause, not for one after each group.
        if (Checkpoint(writer, wait: true, Pause) is { } pages) waitAt = (logPages = pages) + CheckpointPages;
    }

    public void EmptyAtTheEnd(Connection writer)
    {
        End();
        Checkpoint(writer, wait: true, null);
    }

    private void Work()
    {
        while (true)
        {
            isDue.WaitOne();
            if (isEnding) return;
            if (Checkpoint(own, wait: false, null) is { } pages) logPages = pages;
            round = Round.Done;
        }
    }

    private static int? Checkpoint(Connection connection, bool wait, TimeSpan? most)
    {
        try
        {
            return connection.Checkpoint(wait, most);
        }
        catch (SqliteFailure)
        {
            // Try again after as many pages; the committed pages are safe in the log.
            return null;
        }
    }

    private void End()
    {
        isEnding = true;
        isDue.Set();
        thread.Join();
    }

    public void Dispose()
    {
        if (!isEnding) End();
        own.Dispose();
        isDue.Dispose();
    }
}
