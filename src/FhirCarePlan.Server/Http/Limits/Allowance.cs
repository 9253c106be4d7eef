namespace FhirCarePlan.Server.Http.Limits;

/// <summary>Units of work that a client may still use: they come back steadily, up to a burst. The cost of a request is known when it is
/// done, so a client may overspend; then it begins nothing more until that is paid back.</summary>
public sealed class Allowance(double perSecond, double burst, TimeProvider clock)
{
    private readonly Lock only = new();
    private double spent;
    private long seen;

    /// <summary>Null when a request may begin; otherwise in how many seconds.</summary>
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
