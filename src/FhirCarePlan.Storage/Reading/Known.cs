using System.Collections.Concurrent;
using FhirCarePlan.Storage.Auditing;

namespace FhirCarePlan.Storage.Reading;

/// <summary>What the snapshots of a store keep between them.</summary>
internal sealed class Known(LedgerKey key)
{
    public LedgerKey Key => key;
    public LedgerTail Tail { get; } = new(key);
    public LedgerTextCache LedgerTexts { get; } = new();
    /// <summary>Interned consent states by their index. They never change, so it does not matter which snapshot asks.</summary>
    public ConcurrentDictionary<int, string> States { get; } = new();
    private const int MostStates = 10_000;

    public string Keep(int consentClass, string state)
    {
        if (States.Count >= MostStates) States.Clear();
        return States[consentClass] = state;
    }
}
