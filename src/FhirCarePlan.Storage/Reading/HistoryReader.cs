using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Search;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Reads the versions of a type in the caller's view, newest first. It starts from the resources of a small view, or goes back along
/// the index of times in slices that grow until the page is full.</summary>
internal sealed class HistoryReader(Connection connection, Decided decided, ViewSql view, HistoryQuery query)
{
    private const int FirstSlice = 400, Growth = 4, MostUndecided = 200;

    private readonly List<HistoryRow> found = [];
    private readonly HashSet<Decided.Row> undecided = [];
    private long last = -1;

    private bool IsFull => found.Count > query.Count;

    /// <param name="small">Writes the keys that can be in view; null when they are too many.</param>
    public IReadOnlyList<HistoryRow> Read(Action<SqlText>? small)
    {
        if (small is not null) Run(small, null, null);
        else Walk();
        return found;
    }

    private void Walk()
    {
        long? from = null;
        for (var rows = FirstSlice; ; rows *= Growth)
        {
            long? bound = null;
            using (var at = Shape(HistorySql.Bound(query, from, rows)))
                if (at.Step()) bound = at.Int64(0);
            Run(null, from, bound);
            if (bound is null || IsFull) return;
            from = bound - 1;
        }
    }

    /// <summary>One statement, again as long as it meets standings that nobody has decided about.</summary>
    private void Run(Action<SqlText>? leading, long? from, long? to)
    {
        var sql = HistorySql.Rows(query, view, leading, from, to);
        var kept = (found.Count, last);
        while (true)
        {
            using (var rows = Shape(sql))
                while (rows.Step() && Take(rows)) { }
            if (undecided.Count == 0) return;
            decided.Decide(undecided);
            undecided.Clear();
            found.RemoveRange(kept.Count, found.Count - kept.Count);
            last = kept.last;
        }
    }

    /// <returns>False: no more rows are needed.</returns>
    private bool Take(Statement row)
    {
        var standing = decided.Of(row.Int64(4) == 1, row.Int32(5), row.Int64(6));
        if (row.IsNull(1))
        {
            undecided.Add(standing);
            return undecided.Count < MostUndecided;
        }
        var (version, mask) = (row.Int64(2), row.Int64(1));
        if (version == last) return true;
        last = version;
        var isWhole = (query.Whole & ~mask) == 0;
        // By today's rules and by its own labels; when it was current is known of every version, or of none but the last.
        if (isWhole ? (row.Int64(8) & ~mask) != 0 || query.At is { } at && !row.IsNull(9) && row.Int64(9) <= at.Low : row.Int64(7) == 0) return true;
        found.Add(new HistoryRow(new(row.Int64(3), version), row.Int64(0), isWhole, mask, standing.IsOwn, Decided.StandingOf(standing)));
        return !IsFull || undecided.Count > 0;
    }

    private Statement Shape(SqlText sql) => connection.UseShape(sql.ToString()).BindAll(sql.Values);

    public static HistoryHit Fetch(Connection connection, HistoryRow row)
    {
        var version = row.IsWhole ? VersionReader.ByNumber(connection, row.Resource, row.Place.Number) : VersionReader.ByKey(connection, row.Resource);
        if (!row.IsWhole) version = VersionReader.Under(connection, version, row.Place.Number);
        return new(new SearchHit(version, row.Mask, row.IsOwn, row.Standing, false), row.IsWhole && VersionReader.IsCreation(connection, row.Resource, row.Place.Number));
    }
}
