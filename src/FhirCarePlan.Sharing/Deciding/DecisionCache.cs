using System.Collections.Concurrent;

namespace FhirCarePlan.Sharing;

/// <summary>Decisions already made under one protocol, so that each kind of person is decided once and then looked up. Nothing needs
/// invalidating: all that changes an answer is in the key, and what hangs on a date changes with the (UTC) day.</summary>
public sealed class DecisionCache(Broker broker)
{
    private const int Callers = 10_000;

    private readonly ConcurrentDictionary<Caller, CallerDecisions> callers = new();

    public Broker Broker => broker;

    /// <summary>The caller's own desk: keep it for the length of a request.</summary>
    public CallerDecisions For(Caller caller)
    {
        if (callers.TryGetValue(caller, out var known)) return known;
        if (callers.Count >= Callers) callers.Clear();
        return callers.GetOrAdd(caller, c => new CallerDecisions(broker, c));
    }
}

/// <summary>What one caller has been told so far.</summary>
public sealed class CallerDecisions(Broker broker, Caller caller)
{
    private const int Kept = 20_000;

    private readonly record struct Key(string Action, string Type, bool IsHome, bool HasPerson, long Kinds, ConsentState Consent);

    private readonly ConcurrentDictionary<Key, Decision> decisions = new();
    private long day;

    public Caller Caller => caller;

    /// <summary>The decision with its reasons; the same object for the same question, so that what is derived from it can be kept with it.</summary>
    public Decision Decide(string action, string type, bool isHome, bool hasPerson, long kinds, ConsentState consent, DateTimeOffset now)
    {
        Forget(now);
        var key = new Key(action, type, isHome, hasPerson, kinds, consent);
        if (decisions.TryGetValue(key, out var decision)) return decision;
        if (decisions.Count >= Kept) decisions.Clear();
        return decisions.GetOrAdd(key, broker.Decide(new Question(caller, action, type, isHome, hasPerson, kinds, consent), now));
    }

    /// <summary>The mask of a decision: category and label bits.</summary>
    public long Permitted(string action, string type, bool isHome, bool hasPerson, long kinds, ConsentState consent, DateTimeOffset now) =>
        Decide(action, type, isHome, hasPerson, kinds, consent, now).Permitted;

    private void Forget(DateTimeOffset now)
    {
        var today = now.UtcTicks / TimeSpan.TicksPerDay;
        if (Interlocked.Read(ref day) == today) return;
        decisions.Clear();
        Interlocked.Exchange(ref day, today);
    }
}
