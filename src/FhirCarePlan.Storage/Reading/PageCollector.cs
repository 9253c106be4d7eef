using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Search;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Takes the rows of a search in order, keeps those of the page, counts as far as somebody needs, and notes the standings that
/// nobody has decided about.</summary>
internal sealed class PageCollector(SearchQuery query, Place? place, int counted, Decisions decided)
{
    /// <summary>So many standings are decided together, before the search goes on.</summary>
    private const int MostUndecided = 200;

    internal readonly record struct Found(SearchReader.Match Match, object?[] Values, byte[] Id);

    private readonly List<Found> found = [];
    private readonly HashSet<(int Slot, Decided.Row Row)> undecided = [];
    private readonly bool hasChains = ChainSql.AreIn(query);
    private bool isPast = place is null;
    private long last = -1;
    private (int Count, int Matches, bool IsPast, long Last) kept;

    /// <summary>In the order of the search, backwards if the place is; one more than the page where there is one.</summary>
    public IReadOnlyList<Found> Page => found;
    public int Matches { get; private set; }
    public IReadOnlyCollection<(int Slot, Decided.Row Row)> Undecided => undecided;
    public bool IsFull => found.Count > query.Count && Matches >= counted;

    /// <summary>From here a statement may be run again, once what it left undecided is decided.</summary>
    public void Begin() => kept = (found.Count, Matches, isPast, last);

    public void BeginAgain()
    {
        found.RemoveRange(kept.Count, found.Count - kept.Count);
        (Matches, isPast, last) = (kept.Matches, kept.IsPast, kept.Last);
        undecided.Clear();
    }

    /// <summary>From the beginning, by another way.</summary>
    public void StartAgain()
    {
        found.Clear();
        (Matches, isPast, last) = (0, place is null, -1);
    }

    /// <returns>False: no more rows are needed.</returns>
    public bool Take(Statement row)
    {
        if (row.IsNull(1))
        {
            undecided.Add((0, decided[0].Of(row.Int64(3) == 1, row.Int32(4), row.Int64(5))));
            return undecided.Count < MostUndecided;
        }
        if (hasChains && !row.IsNull(MatchSql.FirstSort + query.Sort.Count))
        {
            undecided.Add(decided.InChain(row.Text(MatchSql.FirstSort + query.Sort.Count)));
            return undecided.Count < MostUndecided;
        }
        // Along an index a resource with two equal values comes twice in a row.
        var key = row.Int64(0);
        if (key == last) return true;
        last = key;
        if (!isPast && !IsBehind(row)) return true;
        Matches++;
        if (found.Count <= query.Count)
            found.Add(new(new(key, row.Int64(1), decided[0].Of(row.Int64(3) == 1, row.Int32(4), row.Int64(5))), Values(row), row.Bytes(2).ToArray()));
        return !IsFull || undecided.Count > 0;
    }

    private bool IsBehind(Statement row)
    {
        var compared = place!.Compare(Values(row), row.Bytes(2), query.Sort);
        if (place.IsBackwards) compared = -compared;
        isPast = compared >= 0;
        return compared > 0;
    }

    private object?[] Values(Statement row)
    {
        if (query.Sort.Count == 0) return [];
        var values = new object?[query.Sort.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = row.IsNull(MatchSql.FirstSort + i) ? null : query.Sort[i].Parameter?.Type switch
            {
                SearchType.Date => row.Int64(MatchSql.FirstSort + i),
                SearchType.Number or SearchType.Quantity => row.Double(MatchSql.FirstSort + i),
                null when query.Sort[i].Special == "_lastUpdated" => row.Int64(MatchSql.FirstSort + i),
                _ => row.Blob(MatchSql.FirstSort + i),
            };
        return values;
    }
}
