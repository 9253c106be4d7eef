using System.Globalization;
using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Reading;

/// <summary>The decisions of a search about each type it meets, by slot: the first is the type searched, the others are those that chains
/// lead to.</summary>
internal sealed class Decisions(Connection connection)
{
    private readonly List<Decided> bySlot = [];

    public Decided this[int slot]
    {
        get
        {
            while (bySlot.Count <= slot) bySlot.Add(new Decided(connection, bySlot.Count));
            return bySlot[slot];
        }
    }

    /// <summary>A standing on a chain, as `ViewSql.Undecided` wrote it.</summary>
    public (int Slot, Decided.Row Row) InChain(string standing)
    {
        var blank = standing.IndexOf(' ', StringComparison.Ordinal);
        var slot = int.Parse(standing.AsSpan(0, blank), CultureInfo.InvariantCulture);
        return (slot, this[slot].Of(standing.AsSpan(blank + 1)));
    }

    public void Decide(IEnumerable<(int Slot, Decided.Row Row)> undecided)
    {
        foreach (var of in undecided.GroupBy(u => u.Slot)) this[of.Key].Decide(of.Select(u => u.Row));
    }
}
