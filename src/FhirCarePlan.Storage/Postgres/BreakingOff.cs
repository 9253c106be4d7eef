using Npgsql;

namespace FhirCarePlan.Storage.Postgres;

/// <summary>Has PostgreSQL end what it does for a batch once a token is cancelled. It goes on asking until the batch has ended, because a
/// request to cancel that comes before the batch has begun does nothing. https://www.postgresql.org/docs/15/protocol-flow.html#id-1.10.6.7.10</summary>
internal sealed class BreakingOff : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly NpgsqlBatch batch;
    private readonly CancellationTokenRegistration registration;
    private readonly Lock guard = new();
    private bool isOver;

    /// <exception cref="OperationCanceledException">It is cancelled already.</exception>
    public BreakingOff(NpgsqlBatch batch, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        this.batch = batch;
        registration = cancel.UnsafeRegister(static self => _ = ((BreakingOff)self!).Ask(), this);
    }

    private async Task Ask()
    {
        // The thread that cancels is not made to wait.
        await Task.Yield();
        while (TryAsk()) await Task.Delay(Pause);
    }

    private bool TryAsk()
    {
        lock (guard)
        {
            if (!isOver) batch.Cancel();
            return !isOver;
        }
    }

    public void Dispose()
    {
        registration.Dispose();
        lock (guard) isOver = true;
    }
}
