using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Search;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Runs a search in the caller's view. It starts where the answer is near: from a small view, from a criterion that leads to few
/// resources, or along an index that has the order asked for, in slices that grow until the page is full; a criterion that turns out to
/// lead to less than the next slice takes over (src/docs/sharing.md#search).</summary>
internal sealed class SearchReader(Connection connection)
{
    /// <summary>A criterion that leads to fewer resources than this leads the search without looking for a better one.</summary>
    private const int Narrow = 200, MostProbed = 4, Growth = 4;

    internal readonly record struct Match(long Key, long Mask, Decided.Row Decision);

    private readonly SmallViews smallViews = new(connection);
    private readonly Decisions decided = new(connection);
    private readonly HitReader hitReader = new(connection);

    public IReadOnlyList<HistoryRow> History(HistoryQuery query, SearchScope scope)
    {
        var (view, roots) = Begin(query.Type, scope, 0);
        return new HistoryReader(connection, decided[0], view, query).Read(view.Only?.Leads(query.Type) ?? smallViews.Of(query.Type, scope, view, roots));
    }

    private (ViewSql View, List<long> Roots) Begin(string type, SearchScope scope, int slot)
    {
        var (own, others) = (scope.View.Basis(type, true), scope.View.Basis(type, false));
        var roots = Roots(type);
        decided[slot].Begin(scope, type, own, others, !roots.Exists(root => (root & ~others.WithoutTie) == 0));
        var only = PartSql.Of(connection, scope.View.Only(type));
        return (new ViewSql(scope.Key, PersonReader.Number(connection, scope.Key.SelfPerson), own, others) { Only = only, Slot = slot }, roots);
    }

    /// <summary>The views of the types that chains lead to, without those of which nothing can be in view.</summary>
    private Dictionary<string, ViewSql> Led(SearchQuery query, SearchScope scope)
    {
        var led = new Dictionary<string, ViewSql>(StringComparer.Ordinal);
        foreach (var type in ChainSql.Types(query))
            if (IsOpen(type)) led[type] = Begin(type, scope, led.Count + 1).View;
        return led;

        bool IsOpen(string type) => scope.View.Only(type) is not { Count: 0 } && (IsOpenTo(type, true) || IsOpenTo(type, false));
        bool IsOpenTo(string type, bool isOwn) => scope.View.Basis(type, isOwn).Most != 0 || scope.View.Permitted(type, isOwn, new(null, 0)) != 0;
    }

    public SearchPage Search(SearchQuery query, SearchScope scope)
    {
        var (view, roots) = Begin(query.Type, scope, 0);
        if (ChainSql.AreIn(query)) view = view with { Led = Led(query, scope) };
        // Ids lead by themselves.
        var small = query.Ids.Count > 0 ? null : view.Only?.Leads(query.Type) ?? smallViews.Of(query.Type, scope, view, roots);
        if (query.IsCount) return new SearchPage([], Count(query, view, small));

        var place = Place.Parse(query.Page, query.Sort);
        // One more than may be counted tells that there are more.
        var counted = place is null && query.MostCounted < int.MaxValue && query.MostCounted > 0 ? query.MostCounted + 1 : 0;
        var collector = new PageCollector(query, place, counted, decided);
        Collect(query, view, small, place, collector);
        int? total = place is not null ? place.Total : query.MostCounted == int.MaxValue ? Count(query, view, small)
            : collector.Matches < counted ? collector.Matches : null;
        return Page(query, scope, view, place, collector, total);
    }

    private SearchPage Page(SearchQuery query, SearchScope scope, ViewSql view, Place? place, PageCollector collector, int? total)
    {
        var hits = collector.Page.Take(query.Count).ToList();
        var (hasMore, isBackwards) = (collector.Page.Count > query.Count, place?.IsBackwards == true);
        if (isBackwards) hits.Reverse();
        var matches = hits.ConvertAll(hit => hit.Match);
        var isTooMuch = false;
        if (query.Includes.Count + query.RevIncludes.Count > 0) matches.AddRange(new IncludeReader(connection, scope, view).Read(query, matches, out isTooMuch));
        return new SearchPage(new FetchedHits(matches, hits.Count, hitReader.Slice, hitReader.Read), query.Total == TotalMode.None ? null : total)
        {
            BringsTooMuch = isTooMuch,
            Ids = hits.ConvertAll(hit => System.Text.Encoding.UTF8.GetString(hit.Id)),
            Next = hits.Count > 0 && (hasMore || isBackwards) ? Beside(hits[^1], false) : null,
            Previous = hits.Count > 0 && (isBackwards ? hasMore : place is not null) ? Beside(hits[0], true) : null,
        };

        string Beside(PageCollector.Found hit, bool before) => Place.Of(before, total, hit.Values, hit.Id).ToString();
    }

    // ---- where to look -------------------------------------------------------------------------------------------------------

    private void Collect(SearchQuery query, ViewSql view, Action<SqlText>? small, Place? place, PageCollector collector)
    {
        var isBackwards = place?.IsBackwards == true;
        if (small is not null || query.Ids.Count > 0)
        {
            Run(query, view, new Stretch(small, null, isBackwards), collector);
            return;
        }
        if ((Leading(query, Narrow) ?? (OrderPath.Of(query) is null ? Leading(query, 10 * Narrow, best: true) : null)) is { } narrow)
        {
            Run(query, view, new Stretch(narrow, null, isBackwards), collector);
            return;
        }
        foreach (var stretch in Stretches(query, place))
        {
            if (stretch.Path is null) Run(query, view, stretch, collector);
            else if (!Walk(query, view, stretch, collector)) return;
            if (collector.IsFull) return;
        }
    }

    /// <summary>Along the index of the order, then what has no value and is not on it; the other way round backwards.</summary>
    private static IEnumerable<Stretch> Stretches(SearchQuery query, Place? place)
    {
        var isBackwards = place?.IsBackwards == true;
        if (OrderPath.Of(query) is not { } path)
        {
            yield return new Stretch(null, null, isBackwards);
            yield break;
        }
        var isDown = path.IsDescending != isBackwards;
        var valued = new Stretch(null, path, isBackwards, From(path));
        if (!path.LeavesSomeOut)
        {
            yield return valued;
            yield break;
        }
        var byId = query.Sort.Count == 1 ? OrderPath.ById(query, false) : null;
        var without = new Stretch(null, byId, isBackwards, byId is null ? null : From(byId), Without: true);
        var isWithout = place is not null && place.Values[0] is null;
        if (isBackwards)
        {
            if (place is null || isWithout) yield return without;
            yield return isWithout ? valued with { From = null } : valued;
        }
        else
        {
            if (!isWithout) yield return valued;
            yield return isWithout ? without : without with { From = null };
        }

        object? From(OrderPath along) => place?.From(along.IsById ? OrderPathStart.Id : isDown ? OrderPathStart.Down : OrderPathStart.Up);
    }

    /// <returns>False: something cheaper took over, and all is done.</returns>
    private bool Walk(SearchQuery query, ViewSql view, Stretch stretch, PageCollector collector)
    {
        var path = stretch.Path!;
        var isDown = path.IsDescending != stretch.IsBackwards;
        for (int rows = 2 * Narrow, round = 0; ; rows *= Growth, round++)
        {
            if (round > 0 && Leading(query, rows) is { } narrow)
            {
                collector.StartAgain();
                Run(query, view, new Stretch(narrow, null, stretch.IsBackwards), collector);
                return false;
            }
            object? bound = null;
            using (var found = Shape(path.Bound(isDown, stretch.From, stretch.WithFrom, rows)))
                if (found.Step()) bound = path.IsText ? found.Text(0) : found.Int64(0);
            Run(query, view, stretch with { To = bound }, collector);
            if (bound is null || collector.IsFull) return true;
            stretch = stretch with { From = bound, WithFrom = false };
        }
    }

    /// <summary>One statement, again as long as it meets standings that nobody has decided about.</summary>
    private void Run(SearchQuery query, ViewSql view, Stretch stretch, PageCollector collector)
    {
        var sql = MatchSql.Matches(query, view, stretch);
        collector.Begin();
        while (true)
        {
            using (var rows = Shape(sql))
                while (rows.Step() && collector.Take(rows)) { }
            if (collector.Undecided.Count == 0) return;
            decided.Decide(collector.Undecided);
            collector.BeginAgain();
        }
    }

    private int Count(SearchQuery query, ViewSql view, Action<SqlText>? small)
    {
        var stretch = new Stretch(small ?? (query.Ids.Count > 0 ? null : Leading(query, 10 * Narrow, best: true)), null);
        while (true)
        {
            using (var count = Shape(MatchSql.Count(query, view, stretch)))
            {
                count.Step();
                if (count.Int32(1) == 0 && count.Int32(2) == 0) return count.Int32(0);
            }
            var undecided = new List<(int, Decided.Row)>();
            using (var rows = Shape(MatchSql.Undecided(query, view, stretch)))
                while (rows.Step()) undecided.Add((0, decided[0].Of(rows.Int64(0) == 1, rows.Int32(1), rows.Int64(2))));
            if (ChainSql.AreIn(query))
                using (var rows = Shape(MatchSql.UndecidedInChains(query, view, stretch)))
                    while (rows.Step()) undecided.Add(decided.InChain(rows.Text(0)));
            decided.Decide(undecided);
        }
    }

    /// <summary>The narrowest of the criteria that can lead, judged by looking at so many rows of each.</summary>
    /// <param name="best">The narrowest even if it leads to more.</param>
    private Action<SqlText>? Leading(SearchQuery query, int limit, bool best = false)
    {
        Action<SqlText>? narrowest = null;
        var fewest = best ? int.MaxValue : limit;
        foreach (var leads in Leads(query).Take(MostProbed))
        {
            using var count = Shape(MatchSql.Narrowness(leads, limit));
            count.Step();
            if (count.Int32(0) >= fewest) continue;
            (narrowest, fewest) = (leads, count.Int32(0));
            if (fewest < Narrow / 2) break;
        }
        return narrowest;
    }

    private static IEnumerable<Action<SqlText>> Leads(SearchQuery query)
    {
        if (query.Within is { } within) yield return sql => CompartmentSql.Leads(sql, query.Type, within);
        foreach (var leads in ChainSql.LeadsTo(query)) yield return leads;
    }

    /// <summary>The few different root masks of a type, each found by one step down the index.</summary>
    private List<long> Roots(string type)
    {
        var roots = new List<long>();
        using var rows = connection.Use("""
            WITH RECURSIVE root (mask) AS
            (
                SELECT min(root_mask) FROM resource WHERE type = ?1
                UNION ALL
                SELECT (SELECT min(root_mask) FROM resource WHERE type = ?1 AND root_mask > root.mask) FROM root WHERE root.mask IS NOT NULL
            )
            SELECT mask FROM root WHERE mask IS NOT NULL
            """).Bind(1, type);
        while (rows.Step()) roots.Add(rows.Int64(0));
        return roots;
    }

    private Statement Shape(SqlText sql) => connection.UseShape(sql.ToString()).BindAll(sql.Values);
}
