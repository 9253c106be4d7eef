using FhirCarePlan.Storage.Engine;

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
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20), MostPause = TimeSpan.FromSeconds(1);

    private readonly SqliteConnection own;
    private readonly AutoResetEvent isDue = new(false);
    private readonly Thread thread;
    private int newPages, waitAt = MaxLogPages;
    private volatile int logPages;
    private volatile Round round;
    private volatile bool isEnding;

    private enum Round { None, Running, Done }

    /// <param name="own">A connection for this alone.</param>
    public LogEmptier(SqliteConnection own)
    {
        this.own = own;
        thread = new Thread(Work) { Name = "store log", IsBackground = true };
        thread.Start();
    }

    /// <summary>To be called by the writer between two groups.</summary>
    public void Grew(SqliteConnection writer)
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
                Checkpoint(writer, wait: false, null);
                break;
            default:
                return;
        }
        if (logPages < waitAt) return;
        // A reader that stays stops everybody for one short pause, not for one after each group.
        Checkpoint(writer, wait: true, Pause);
        waitAt = logPages + CheckpointPages;
    }

    public void EmptyAtTheEnd(SqliteConnection writer)
    {
        End();
        Checkpoint(writer, wait: true, null);
    }

    private void Work()
    {
        while (true)
        {
            isDue.WaitOne();
            // A reader may hold the pages back. The writer gets the few that are left, however long that takes.
            for (var pause = Pause; !isEnding && Checkpoint(own, wait: false, null) > FinishPages; pause = pause < MostPause ? 2 * pause : pause)
                isDue.WaitOne(pause);
            if (isEnding) return;
            round = Round.Done;
        }
    }

    /// <returns>How many pages of the log are left to be copied.</returns>
    private int Checkpoint(SqliteConnection connection, bool wait, TimeSpan? most)
    {
        try
        {
            var (pages, left) = connection.Checkpoint(wait, most);
            if (pages < 0) return int.MaxValue; // another checkpoint is running
            logPages = pages;
            return left;
        }
        catch (SqliteFailure)
        {
            // Try again later; the committed pages are safe in the log.
            return int.MaxValue;
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
