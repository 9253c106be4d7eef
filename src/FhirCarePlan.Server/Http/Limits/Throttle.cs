using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Http.Limits;

/// <summary>Keeps one client from starving the others (src/docs/sharing.md#leaks, 39 and 46): every client has an allowance of work that it
/// can work out, and only some heavy requests run at a time, of one client and of all.</summary>
public sealed class Throttle : IDisposable
{
    /// <summary>Clients known at a time; beyond it those with nothing to remember are forgotten.</summary>
    private const int Kept = 10_000;

    private readonly ConcurrentDictionary<string, Client> clients = new(StringComparer.Ordinal);
    private readonly LimitSettings settings;
    private readonly TimeProvider clock;

    public Throttle(LimitSettings settings, TimeProvider clock)
    {
        (this.settings, this.clock) = (settings, clock);
        HeavyThreads = new YieldingThreads(settings.Heavy);
        // Each client has no more than its own few in this queue, so its length is theirs.
        Heavy = new ConcurrencyLimiter(new()
        {
            PermitLimit = settings.Heavy, QueueLimit = int.MaxValue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst
        });
    }

    internal ConcurrencyLimiter Heavy { get; }
    internal YieldingThreads HeavyThreads { get; }
    internal TimeSpan Patience => TimeSpan.FromSeconds(settings.WaitSeconds);

    /// <param name="client">Issuer and client of a valid token, or an address.</param>
    public Load Enter(string client, bool isAnonymous)
    {
        if (clients.Count >= Kept) Forget();
        return new Load(this, clients.GetOrAdd(client, _ => isAnonymous
            ? new(new(settings.AnonymousUnitsPerSecond, 10.0 * settings.AnonymousUnitsPerSecond, clock), settings.HeavyPerClient, clock)
            : new(new(settings.UnitsPerSecond, settings.Burst, clock), settings.HeavyPerClient, clock)));
    }

    public void Dispose()
    {
        Heavy.Dispose();
        HeavyThreads.Dispose();
    }

    private void Forget()
    {
        foreach (var (name, client) in clients)
            if (client.IsIdle) clients.TryRemove(name, out _);
    }
}
