namespace FhirCarePlan.Server.Requests;

/// <summary>Who write the same resource at the same time, and got in each other's way, take turns: without, of each group of writes one
/// succeeds and all others are for nothing.</summary>
public sealed class Turns
{
    private sealed class Queue
    {
        public SemaphoreSlim Gate { get; } = new(1);
        public int Users;
    }

    private readonly Dictionary<string, Queue> queues = new(StringComparer.Ordinal);

    public bool IsTaken(string place)
    {
        lock (queues) return queues.ContainsKey(place);
    }

    /// <returns>Null when it took too long.</returns>
    public async ValueTask<IDisposable?> Take(string place, TimeSpan most, CancellationToken cancel)
    {
        Queue? queue;
        lock (queues)
        {
            if (!queues.TryGetValue(place, out queue)) queues[place] = queue = new Queue();
            queue.Users++;
        }
        var isMine = false;
        try
        {
            isMine = await queue.Gate.WaitAsync(most, cancel);
            return isMine ? new Turn(this, place, queue) : null;
        }
        finally
        {
            if (!isMine) Leave(place, queue);
        }
    }

    private void Leave(string place, Queue queue)
    {
        lock (queues)
            if (--queue.Users == 0) queues.Remove(place);
    }

    private sealed class Turn(Turns turns, string place, Queue queue) : IDisposable
    {
        public void Dispose()
        {
            queue.Gate.Release();
            turns.Leave(place, queue);
        }
    }
}
