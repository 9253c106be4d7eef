using FhirCarePlan.Storage.Engine;
using System.Globalization;
using System.Text;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Search;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Runs a search: one statement finds all matches of the caller's view in order; the page is cut from it, the total counted on
/// it.</summary>
internal sealed class SearchReader(Connection connection)
{
    /// <summary>A criterion that leads to fewer resources than this leads the search without looking for a better one.</summary>
    private const int Narrow = 100, MostProbed = 4;

    internal readonly record struct Match(long Key, long Mask);

    private readonly SmallViews smallViews = new(connection);

    /// <summary>What `permitted` holds now: callers ask again and again with the same rows.</summary>
    private PermittedRow[] permitted = [];

    public SearchPage Search(SearchQuery query, SearchScope scope)
    {
        Permit(scope.Permitted);
        var view = new ViewSql(scope.Key, PersonReader.Number(connection, scope.Key.SelfPerson),
            scope.Permitted.Any(row => string.IsNullOrEmpty(row.Type)));
        // Ids lead by themselves.
        var leading = query.Ids.Count > 0
            ? null : smallViews.Of(query.Type, scope.Permitted, view)
            ?? (Leading(query) is { } criterion ? sql => CriterionSql.Leads(sql, criterion) : null);
        if (query.Count == 0 || query.Summary == SummaryMode.Count)
        {
            var sql = MatchSql.Count(connection.Dialect, query, view, leading);
            using var count = connection.UseShape(sql.ToString()).BindAll(sql.Values);
            count.Step();
            return new SearchPage([], count.Int32(0), null);
        }
        var (page, total, next) = Page(query, MatchSql.Matches(connection.Dialect, query, view, leading));
        var matches = page.Count;
        if (query.Includes.Count + query.RevIncludes.Count > 0) page.AddRange(Included(query, view, page));
        return new SearchPage(new FetchedHits(page, matches, Hit), total, next);
    }

    /// <summary>Steps through all matches, or as many as somebody needs. The page begins behind the last hit of the previous page. If that
    /// hit is no longer a match, it begins where the hit would be in the default order, and at the same count in any other order.</summary>
    private (List<Match> Page, int? Total, string? Next) Page(SearchQuery query, SqlText sql)
    {
        var position = Position.Parse(query.Page);
        var isById = query.Sort.Count == 0;
        var withTotal = query.Total != TotalMode.None;
        List<Match> behind = [], counted = [];
        List<string> behindIds = [], countedIds = [];
        var total = 0;
        var isBehind = position is null;
        using var rows = connection.UseShape(sql.ToString()).BindAll(sql.Values);
        while (rows.Step())
        {
            total++;
            var id = rows.Bytes(2);
            if (!isBehind && isById) isBehind = id.SequenceCompareTo(position!.LastId) > 0;
            if (isBehind)
            {
                if (behind.Count <= query.Count) Take(behind, behindIds);
                else if (!withTotal) break;
            }
            else
            {
                if (!isById && total > position!.Offset && counted.Count <= query.Count) Take(counted, countedIds);
                if (id.SequenceEqual(position!.LastId)) isBehind = true;
            }
        }
        var (page, ids) = isBehind || isById ? (behind, behindIds) : (counted, countedIds);
        string? next = null;
        if (page.Count > query.Count)
        {
            page.RemoveAt(query.Count);
            next = new Position((position?.Offset ?? 0) + query.Count, Encoding.UTF8.GetBytes(ids[query.Count - 1])).ToString();
        }
        return (page, withTotal ? total : null, next);

        void Take(List<Match> to, List<string> toIds)
        {
            to.Add(new Match(rows.Int64(0), rows.Int64(1)));
            toIds.Add(to.Count == query.Count ? rows.Text(2) : "");
        }
    }

    private List<Match> Included(SearchQuery query, ViewSql view, List<Match> page)
    {
        connection.Use("DELETE FROM page").Run();
        foreach (var match in page)
            connection.Use("INSERT INTO page (key, mask) VALUES (?1, ?2)").Bind(1, match.Key).Bind(2, match.Mask).Run();
        var brought = new HashSet<long>();
        var included = new List<Match>();
        foreach (var include in query.Includes) Bring(IncludeSql.Included(connection.Dialect, include, view));
        foreach (var include in query.RevIncludes) Bring(IncludeSql.Referring(connection.Dialect, include, view));
        return included;

        void Bring(SqlText sql)
        {
            using var rows = connection.UseShape(sql.ToString()).BindAll(sql.Values);
            while (rows.Step())
                if (brought.Add(rows.Int64(0))) included.Add(new Match(rows.Int64(0), rows.Int64(1)));
        }
    }

    private SearchHit Hit(Match match, bool isInclude)
    {
        var current = VersionReader.ByKey(connection, match.Key);
        return new SearchHit(VersionReader.AsSeen(connection, current, match.Mask), match.Mask, isInclude);
    }

    /// <summary>The narrowest of the criteria that can lead, judged by looking at a few rows of each.</summary>
    private Criterion? Leading(SearchQuery query)
    {
        Criterion? best = null;
        var (fewest, probed) = (int.MaxValue, 0);
        var able = query.Criteria.Where(CriterionSql.CanLead).ToList();
        if (able.Count == 1) return able[0];
        foreach (var criterion in able)
        {
            if (++probed > MostProbed || fewest < Narrow) break;
            var sql = MatchSql.Narrowness(connection.Dialect, criterion, 10 * Narrow);
            using var count = connection.UseShape(sql.ToString()).BindAll(sql.Values);
            count.Step();
            if (count.Int32(0) >= fewest) continue;
            (best, fewest) = (criterion, count.Int32(0));
        }
        return best;
    }

    private void Permit(IReadOnlyList<PermittedRow> rows)
    {
        if (rows.SequenceEqual(permitted)) return;
        permitted = [];
        connection.Use("DELETE FROM permitted").Run();
        foreach (var row in rows)
        {
            // Two rows for one standing would be a mistake; then only what both permit counts.
            connection.Use("""
                INSERT INTO permitted (type, is_own, class, kinds, mask) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (type, is_own, class, kinds) DO UPDATE SET mask = permitted.mask & excluded.mask
                """).Bind(1, row.Type ?? "").Bind(2, row.IsOwn ? 1 : 0).Bind(3, row.Standing.ConsentClass ?? ViewSql.NoPerson)
                .Bind(4, row.Standing.Kinds).Bind(5, row.Mask).Run();
        }
        permitted = [.. rows];
    }

    /// <summary>`OFFSET.ID`: how many hits came before, and the id of the last of them.</summary>
    private sealed record Position(int Offset, byte[] LastId)
    {
        public static Position? Parse(string? text)
        {
            var dot = text?.IndexOf('.') ?? -1;
            if (text is null || dot < 0) return null;
            return int.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                ? new Position(offset, Encoding.UTF8.GetBytes(text[(dot + 1)..])) : null;
        }

        public override string ToString() => $"{Offset.ToString(CultureInfo.InvariantCulture)}.{Encoding.UTF8.GetString(LastId)}";
    }
}
