namespace FhirCarePlan.Server.Http.Limits;

/// <summary>Units of work that somebody may still ask for: they come back steadily, up to a burst. What a request cost is known when it is
/// done, so more may be spent than there was; then nothing more is begun until that is paid back.</summary>
public sealed class Allowance(double perSecond, double burst, TimeProvider clock)
{
    private readonly Lock only = new();
    private double spent;
    private long seen;

    /// <summary>Null when something may be begun; else in how many seconds.</summary>
    public int? Wait()
    {
        lock (only)
        {
            Refill();
            return spent <= burst ? null : (int)Math.Min(Math.Ceiling((spent - burst) / perSecond), 3600);
        }
    }

    public void Charge(double cost)
    {
        lock (only)
        {
            Refill();
            spent += cost;
        }
    }

    /// <summary>Nothing would be forgotten with it.</summary>
    public bool IsFull
    {
        get
        {
            lock (only)
            {
                Refill();
                return spent <= 0;
            }
        }
    }

    private void Refill()
    {
        var now = clock.GetUtcNow().UtcTicks;
        if (now <= seen) return;
        spent = Math.Max(0, spent - perSecond * (now - seen) / TimeSpan.TicksPerSecond);
        seen = now;
    }
}
