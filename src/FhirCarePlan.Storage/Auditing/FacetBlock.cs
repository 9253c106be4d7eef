using System.Runtime.InteropServices;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>The values that the events of one block can be found by, while the block is gathered or before it is full.</summary>
internal sealed class FacetBlock(LedgerKey key)
{
    private readonly Dictionary<ulong, List<int>> rows = [];
    private readonly Dictionary<(string, string), ulong> keys = [];

    public RowSet Events { get; } = new();
    /// <summary>When each row's event happened, in ticks.</summary>
    public long[] Times { get; } = new long[RowSet.Rows];
    public long Oldest { get; private set; } = long.MaxValue;
    public long Newest { get; private set; } = long.MinValue;

    /// <summary>By key, in order.</summary>
    public IEnumerable<(ulong Key, List<int> Rows)> InOrder => rows.OrderBy(r => (long)r.Key).Select(r => (r.Key, r.Value));

    public void Add(int row, AuditEntry entry)
    {
        Events.Add(row);
        var ticks = entry.At.UtcTicks;
        (Times[row], Oldest, Newest) = (ticks, Math.Min(Oldest, ticks), Math.Max(Newest, ticks));
        foreach (var facet in EntryFacets.All(entry))
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(keys, facet, out var isKnown);
            if (!isKnown) known = key.IndexKey(facet.Facet, facet.Value);
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, known, out _);
            if ((list ??= []) is [] || list[^1] != row) list.Add(row);
        }
    }

    public RowSet? Find(ulong facet) => rows.TryGetValue(facet, out var found) ? RowSet.Of(found) : null;
}
