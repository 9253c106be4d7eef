using System.Threading.RateLimiting;

namespace FhirCarePlan.Server.Http.Limits;

/// <summary>What one request takes of the machine, from coming in until its answer is gone.</summary>
public sealed class Load : IDisposable
{
    /// <summary>Bytes of a unit, sent or answered.</summary>
    private const double UnitBytes = 16 << 10;
    private static readonly TimeSpan HoldsFor = TimeSpan.FromMilliseconds(500);
    private const int MostHeld = 100;

    private readonly Throttle throttle;
    private readonly Client client;
    private RateLimitLease? own, turn;

    internal Load(Throttle throttle, Client client) => (this.throttle, this.client) = (throttle, client);

    /// <summary>Null for a request that may go on; else the seconds until another may.</summary>
    public int? Begin()
    {
        if (client.Allowance.Wait() is { } seconds) return seconds;
        client.Allowance.Charge(1);
        return null;
    }

    /// <summary>One of the client's own heavy requests: before its body is taken in.</summary>
    public async ValueTask<int?> BeginHeavy(CancellationToken cancel)
    {
        if (own != null) return null;
        own = await Take(client.Heavy, cancel);
        // Meanwhile the client's other heavy requests were paid for.
        return own.IsAcquired ? client.Allowance.Wait() : 1;
    }

    /// <summary>One of all heavy requests that work at the same time: when everything has come in that it needs.</summary>
    public async ValueTask<int?> TakeTurn(CancellationToken cancel)
    {
        turn = await Take(throttle.Heavy, cancel);
        return turn.IsAcquired ? null : 1;
    }

    public bool IsHeavy => own != null;

    /// <summary>The work is done; the client may take as long as it likes to fetch the answer.</summary>
    public void EndTurn()
    {
        turn?.Dispose();
        turn = null;
    }

    public void Charge(long bytes, int units) => client.Allowance.Charge(bytes / UnitBytes + units);

    /// <returns>True when this refusal is the one that goes on record.</returns>
    public async ValueTask<bool> Refuse(CancellationToken cancel)
    {
        var isFirst = client.IsFirstRefusal();
        await client.Hold(HoldsFor, MostHeld, cancel);
        return isFirst;
    }

    private async ValueTask<RateLimitLease> Take(ConcurrencyLimiter limiter, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(throttle.Patience);
        try
        {
            return await limiter.AcquireAsync(1, patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Refused.Instance;
        }
    }

    public void Dispose()
    {
        EndTurn();
        own?.Dispose();
        own = null;
    }

    /// <summary>Waited in vain.</summary>
    private sealed class Refused : RateLimitLease
    {
        public static Refused Instance { get; } = new();
        public override bool IsAcquired => false;
        public override IEnumerable<string> MetadataNames => [];
        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
