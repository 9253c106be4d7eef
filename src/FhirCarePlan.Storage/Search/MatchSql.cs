using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>Where a search looks for its matches.</summary>
/// <param name="Leading">Writes the keys that it starts from; null: all of the type.</param>
/// <param name="Path">Goes along this index; null: what is found is sorted.</param>
/// <param name="Without">Only resources that have no value for the first sort key.</param>
internal sealed record Stretch(Action<SqlText>? Leading, OrderPath? Path, bool IsBackwards = false, object? From = null, bool WithFrom = true, object? To = null, bool Without = false);

/// <summary>The statement that finds the matches of a search in the caller's view, in order. A row each: key, mask, id, the standing (own,
/// class, kinds), sort values. A row without a mask is no match: nobody has decided about this standing yet.</summary>
internal static class MatchSql
{
    /// <summary>Column of the first sort value.</summary>
    public const int FirstSort = 6;

    public static SqlText Matches(SearchQuery query, ViewSql view, Stretch stretch)
    {
        var sql = new SqlText().Add($"SELECT r.key, m.mask, r.id, ");
        view.Standing(sql);
        for (var i = 0; i < query.Sort.Count; i++)
        {
            sql.Add($", ");
            if (i == 0 && stretch.Path is { } path && !stretch.Without) sql.Add($"{path.Column}");
            else SortSql.Key(sql, query.Sort[i]);
            sql.Add($" AS {SortSql.Name(i)}");
        }
        if (ChainSql.AreIn(query)) ChainSql.Undecided(sql.Add($", "), query, view);
        Select(sql, query, view, stretch);
        SortSql.Order(sql, stretch.Without && stretch.Path is not null ? [] : query.Sort, stretch.Path, stretch.IsBackwards);
        return sql;
    }

    /// <summary>One row: how many there are, how many candidates nobody has decided about, and how many hang on such ones through
    /// chains.</summary>
    public static SqlText Count(SearchQuery query, ViewSql view, Stretch stretch)
    {
        var sql = new SqlText().Add($"SELECT count(m.mask), count(*) - count(m.mask), ");
        if (ChainSql.AreIn(query))
        {
            ChainSql.Undecided(sql.Add($"count("), query, view);
            sql.Add($")");
        }
        else sql.Add($"0");
        Select(sql, query, view, stretch);
        return sql;
    }

    /// <summary>The standings of candidates that nobody has decided about: own, class, kinds.</summary>
    public static SqlText Undecided(SearchQuery query, ViewSql view, Stretch stretch)
    {
        var sql = new SqlText().Add($"SELECT DISTINCT ");
        view.Standing(sql);
        Select(sql, query, view, stretch);
        return sql.Add($" AND m.mask IS NULL");
    }

    /// <summary>The same of what chains lead to: one text each, as `ViewSql.Undecided` writes it.</summary>
    public static SqlText UndecidedInChains(SearchQuery query, ViewSql view, Stretch stretch)
    {
        var sql = new SqlText().Add($"SELECT DISTINCT u.standing FROM (SELECT ");
        ChainSql.Undecided(sql, query, view);
        sql.Add($" AS standing");
        Select(sql, query, view, stretch);
        return sql.Add($") u WHERE u.standing IS NOT NULL");
    }

    /// <summary>At most `limit` rows that this would lead to: how narrow it is.</summary>
    public static SqlText Narrowness(Action<SqlText> leading, int limit)
    {
        var sql = new SqlText().Add($"SELECT count(*) FROM (SELECT 1 FROM (");
        leading(sql);
        return sql.Add($") leads LIMIT {(long)limit}) few");
    }

    private static void Select(SqlText sql, SearchQuery query, ViewSql view, Stretch stretch)
    {
        sql.Add($" FROM ");
        if (stretch.Leading is { } leading)
        {
            sql.Add($"(SELECT DISTINCT resource FROM (");
            leading(sql);
            sql.Add($") leads) d CROSS JOIN resource r ON r.key = d.resource");
        }
        else if (stretch.Path is { } path) path.From(sql, withResource: true);
        else sql.Add($"resource r");
        view.Join(sql);
        sql.Add($" WHERE r.type = {query.Type} AND r.is_deleted = 0");
        if (stretch.Path is { } along)
        {
            if (!along.IsById) along.Where(sql.Add($" AND "));
            along.Between(sql, along.IsDescending != stretch.IsBackwards, stretch.From, stretch.WithFrom, stretch.To);
        }
        foreach (var ids in query.Ids) sql.Add($" AND r.id IN ").AddList(ids);
        sql.Add($" AND (m.mask IS NULL OR (");
        Meets(sql, query, view, isSure: false);
        if (!stretch.Without) stretch.Path?.IsPlace(sql);
        else
        {
            SortSql.Key(sql.Add($" AND "), query.Sort[0]);
            sql.Add($" IS NULL");
        }
        sql.Add($"))");
    }

    /// <summary>Resource `r` is in view under mask `m`, and meets the question but for its ids.</summary>
    /// <param name="isSure">What chains lead to counts only as far as it is decided; otherwise, what nobody has decided about counts as a
    /// match.</param>
    internal static void Meets(SqlText sql, SearchQuery query, ViewSql view, bool isSure)
    {
        ViewSql.IsVisible(sql);
        view.Only?.Holds(sql.Add($" AND "));
        Asked(sql.Add($" AND "), query, view.Led, isSure);
        if (query.Within is { } within) CompartmentSql.Holds(sql.Add($" AND "), query.Type, within);
        if (query.Dated is { } span) DatedSql.Holds(sql.Add($" AND "), span);
    }

    /// <summary>The filters of a question that may stand in `_filter`, too.</summary>
    private static void Asked(SqlText sql, SearchQuery query, IReadOnlyDictionary<string, ViewSql> views, bool isSure)
    {
        sql.Add($"1 = 1");
        foreach (var criterion in query.Criteria) CriterionSql.Holds(sql.Add($" AND "), criterion);
        foreach (var times in query.LastUpdated) LastUpdatedSql.Holds(sql.Add($" AND "), times);
        foreach (var chain in query.Chains) ChainSql.Holds(sql.Add($" AND "), chain, views, isSure);
        foreach (var filter in query.Filters) Holds(sql.Add($" AND "), filter, views, isSure);
    }

    /// <summary>Under NOT, what is sure and what is possible change places.</summary>
    private static void Holds(SqlText sql, Filter filter, IReadOnlyDictionary<string, ViewSql> views, bool isSure)
    {
        switch (filter)
        {
            case Filter.Is { Query: var one }:
                sql.Add($"(");
                Asked(sql, one, views, isSure);
                foreach (var ids in one.Ids) sql.Add($" AND r.id IN ").AddList(ids);
                sql.Add($")");
                break;
            case Filter.All { Of: var all }:
                sql.Add($"(1 = 1");
                foreach (var part in all) Holds(sql.Add($" AND "), part, views, isSure);
                sql.Add($")");
                break;
            case Filter.Any { Of: var any }:
                sql.AnyOf(any, (to, part) => Holds(to, part, views, isSure));
                break;
            case Filter.Not { Of: var inner }:
                Holds(sql.Add($"NOT "), inner, views, !isSure);
                break;
        }
    }
}
