using System.Collections.Concurrent;

namespace FhirCarePlan.Sharing;

/// <summary>Decisions already made under one protocol: each kind of person is decided once and then looked up. Nothing needs invalidating:
/// everything that changes an answer is in the key, and the (UTC) day is part of it, since dates change with it.</summary>
public sealed class DecisionCache(Broker broker)
{
    /// <summary>Of all callers together, at well under a kilobyte each.</summary>
    private const int Kept = 100_000;

    private readonly ConcurrentDictionary<Caller, CallerDecisions> callers = new();
    private int count;

    public Broker Broker => broker;

    /// <summary>The caller's own desk: keep it for the length of a request.</summary>
    public CallerDecisions For(Caller caller)
    {
        if (callers.TryGetValue(caller, out var known)) return known;
        Count();
        return callers.GetOrAdd(caller, c => new CallerDecisions(this, c));
    }

    /// <summary>One more is kept; when they are too many, all are forgotten, which costs the next requests their first look.</summary>
    internal void Count()
    {
        if (Interlocked.Increment(ref count) < Kept) return;
        callers.Clear();
        Interlocked.Exchange(ref count, 0);
    }
}

/// <summary>What one caller has been told so far.</summary>
public sealed class CallerDecisions
{
    private readonly record struct Key(long Day, string Action, string Type, bool IsHome, bool HasPerson, long Kinds, ConsentState Consent);

    private readonly ConcurrentDictionary<Key, Decision> decisions = new();
    private readonly DecisionCache cache;

    internal CallerDecisions(DecisionCache cache, Caller caller) => (this.cache, Caller) = (cache, caller);

    public Caller Caller { get; }

    /// <summary>The same object for the same question on the same day, as long as it is kept.</summary>
    public Decision Decide(string action, string type, bool isHome, bool hasPerson, long kinds, ConsentState consent, DateTimeOffset now)
    {
        // A state that knows its Consents names them in the reasons: they belong to that person alone.
        if (consent.Sources.Count > 0)
            return cache.Broker.Decide(new Question(Caller, action, type, isHome, hasPerson, kinds, consent), now);
        var key = new Key(now.UtcTicks / TimeSpan.TicksPerDay, action, type, isHome, hasPerson, kinds, consent);
        if (decisions.TryGetValue(key, out var known)) return known;
        cache.Count();
        return decisions.GetOrAdd(key, cache.Broker.Decide(new Question(Caller, action, type, isHome, hasPerson, kinds, consent), now));
    }

    /// <summary>The mask of that decision: category and label bits.</summary>
    public long Permitted(string action, string type, bool isHome, bool hasPerson, long kinds, ConsentState consent, DateTimeOffset now) =>
        Decide(action, type, isHome, hasPerson, kinds, consent, now).Permitted;
}
