using System.Threading.RateLimiting;

namespace FhirCarePlan.Server.Http.Limits;

/// <summary>One that asks: an OAuth client of an issuer, or an address that brings no valid token.</summary>
internal sealed class Client(Allowance allowance, int heavy, TimeProvider clock)
{
    private const int Waiting = 32;

    private readonly Lazy<ConcurrencyLimiter> heavyOnes = new(() =>
        new(new() { PermitLimit = heavy, QueueLimit = Waiting * heavy, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));
    private long notedAt;
    private int held;

    public Allowance Allowance => allowance;
    public ConcurrencyLimiter Heavy => heavyOnes.Value;
    public bool IsIdle => allowance.IsFull && !heavyOnes.IsValueCreated;

    /// <summary>True once a second: the refusal that goes on record for all of that second.</summary>
    public bool IsFirstRefusal()
    {
        var second = clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerSecond;
        var before = Interlocked.Read(ref notedAt);
        return second != before && Interlocked.CompareExchange(ref notedAt, second, before) == before;
    }

    /// <summary>A refusal is sent late to a client that asks again at once, so that asking in vain costs the others little; not so late
    /// that waiting adds up.</summary>
    public async Task Hold(TimeSpan time, int most, CancellationToken cancel)
    {
        try
        {
            if (Interlocked.Increment(ref held) <= most) await Task.Delay(time, cancel);
        }
        finally
        {
            Interlocked.Decrement(ref held);
        }
    }
}
