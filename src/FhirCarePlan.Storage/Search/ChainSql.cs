using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>What references lead to, and what they come from, as conditions on resource `r` under mask `m`. The reference must be permitted
/// in the resource that has it, and each resource on the way is decided like a match. Each step is a subquery that calls its own resource
/// `r` again; `o` is the one before. https://hl7.org/fhir/R4/search.html#chaining, https://hl7.org/fhir/R4/search.html#has</summary>
internal static class ChainSql
{
    public static bool AreIn(SearchQuery query) => Of(query).Any();

    /// <summary>The chains of a question, those of its filters included.</summary>
    private static IEnumerable<Chain> Of(SearchQuery query) => query.Chains.Concat(query.Filters.SelectMany(f => f.Queries).SelectMany(Of));

    /// <summary>The types that a question comes to through its chains.</summary>
    public static IEnumerable<string> Types(SearchQuery query) =>
        Of(query).SelectMany(chain => chain.Targets).SelectMany(target => Types(target).Prepend(target.Type)).Distinct();

    /// <param name="isSure">Only what is decided counts; otherwise, what nobody has decided about counts as a match.</param>
    public static void Holds(SqlText sql, Chain chain, IReadOnlyDictionary<string, ViewSql> views, bool isSure) =>
        sql.AnyOf(InView(chain, views), (to, target) =>
        {
            to.Add($"EXISTS (SELECT 1");
            Step(to, chain, target, views);
            to.Add($" AND ({new Sql(isSure ? "" : "m.mask IS NULL OR ")}");
            Meets(to, chain, target, views, isSure);
            to.Add($"))");
        });

    /// <summary>A standing on the way that must be decided before this resource is a match for sure; null where none is.</summary>
    public static void Undecided(SqlText sql, SearchQuery query, ViewSql view)
    {
        sql.Add($"CASE WHEN m.mask IS NULL THEN NULL WHEN ");
        MatchSql.Meets(sql, query, view, isSure: true);
        sql.Add($" THEN NULL ELSE ");
        First(sql, query, view.Led);
        sql.Add($" END");
    }

    private static void First(SqlText sql, SearchQuery query, IReadOnlyDictionary<string, ViewSql> views)
    {
        // With a NULL behind them, since coalesce takes two at least.
        sql.Add($"coalesce(");
        foreach (var chain in Of(query))
            foreach (var target in InView(chain, views))
            {
                sql.Add($"(SELECT ");
                views[target.Type].Undecided(sql);
                Step(sql, chain, target, views);
                sql.Add($" AND m.mask IS NULL LIMIT 1), ");
                if (!AreIn(target)) continue;
                sql.Add($"(SELECT u.standing FROM (SELECT ");
                First(sql, target, views);
                sql.Add($" AS standing");
                Step(sql, chain, target, views);
                sql.Add($" AND m.mask <> 0) u WHERE u.standing IS NOT NULL LIMIT 1), ");
            }
        sql.Add($"NULL, NULL)");
    }

    /// <summary>From `r` to the next one, which is `r` then, with its decision.</summary>
    private static void Step(SqlText sql, Chain chain, SearchQuery target, IReadOnlyDictionary<string, ViewSql> views)
    {
        sql.Add($" FROM (SELECT r.key AS key, r.type AS type, r.id AS id, m.mask AS mask) o CROSS JOIN index_reference y ON y.param = {chain.By.Id} AND y.address = '' AND ");
        if (chain.IsReverse) sql.Add($"y.id = o.id AND y.type = o.type CROSS JOIN resource r ON r.key = y.resource");
        else sql.Add($"y.resource = o.key AND y.type = {target.Type} AND (y.labels & ~o.mask) = 0 CROSS JOIN resource r ON r.type = y.type AND r.id = y.id");
        views[target.Type].Join(sql);
        sql.Add($" WHERE r.is_deleted = 0");
        foreach (var ids in target.Ids) sql.Add($" AND r.id IN ").AddList(ids);
    }

    private static void Meets(SqlText sql, Chain chain, SearchQuery target, IReadOnlyDictionary<string, ViewSql> views, bool isSure)
    {
        sql.Add($"(");
        if (chain.IsReverse) sql.Add($"(y.labels & ~m.mask) = 0 AND ");
        MatchSql.Meets(sql, target, views[target.Type] with { Led = views }, isSure);
        sql.Add($")");
    }

    private static List<SearchQuery> InView(Chain chain, IReadOnlyDictionary<string, ViewSql> views) => [.. chain.Targets.Where(t => views.ContainsKey(t.Type))];

    // ---- as a beginning ------------------------------------------------------------------------------------------------------

    /// <summary>Ways to begin with what the chain leads to: each writes the keys of all resources that can meet it, permitted or not.</summary>
    public static IEnumerable<Action<SqlText>> Leads(Chain chain)
    {
        if (chain.Targets is [var only])
        {
            foreach (var leads in LeadsTo(only)) yield return sql => Back(sql, chain, only, leads);
            yield break;
        }
        var first = chain.Targets.Select(target => (Target: target, Leads: LeadsTo(target).FirstOrDefault())).ToList();
        if (first.Count == 0 || first.Exists(f => f.Leads is null)) yield break;
        yield return sql =>
        {
            for (var i = 0; i < first.Count; i++)
            {
                if (i > 0) sql.Add($" UNION ALL ");
                Back(sql, chain, first[i].Target, first[i].Leads!);
            }
        };
    }

    /// <summary>Ways to begin a search of a type with one of its conditions.</summary>
    public static IEnumerable<Action<SqlText>> LeadsTo(SearchQuery target)
    {
        foreach (var ids in target.Ids) yield return sql => sql.Add($"SELECT o.key AS resource FROM resource o WHERE o.type = {target.Type} AND o.id IN ").AddList(ids);
        foreach (var criterion in target.Criteria)
            if (CriterionSql.CanLead(criterion)) yield return sql => CriterionSql.Leads(sql, criterion);
        foreach (var leads in target.Chains.SelectMany(Leads).Concat(target.Filters.SelectMany(Leads))) yield return leads;
        foreach (var times in target.LastUpdated)
            if (LastUpdatedSql.CanLead(times)) yield return sql => LastUpdatedSql.Leads(sql, target.Type, times);
    }

    /// <summary>What all of it must meet, or each of its alternatives.</summary>
    private static IEnumerable<Action<SqlText>> Leads(Filter filter)
    {
        switch (filter)
        {
            case Filter.Is { Query: var one }: return LeadsTo(one);
            case Filter.All { Of: var all }: return all.SelectMany(Leads);
            case Filter.Any { Of: var any }:
                var first = any.Select(f => Leads(f).FirstOrDefault()).ToList();
                return first.Contains(null) ? [] : [sql => Together(sql, first!)];
            default: return [];
        }
    }

    private static void Together(SqlText sql, IReadOnlyList<Action<SqlText>> leads)
    {
        for (var i = 0; i < leads.Count; i++)
        {
            // In parentheses of its own: each may be a union.
            sql.Add($"{new Sql(i > 0 ? " UNION ALL " : "")}SELECT l{new Sql(Number(i))}.resource FROM (");
            leads[i](sql);
            sql.Add($") l{new Sql(Number(i))}");
        }

        static string Number(int i) => i.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>From the target back to what is searched.</summary>
    private static void Back(SqlText sql, Chain chain, SearchQuery target, Action<SqlText> leads)
    {
        if (chain.IsReverse) sql.Add($"SELECT o.key AS resource FROM (");
        else sql.Add($"SELECT y.resource AS resource FROM (");
        leads(sql);
        if (chain.IsReverse) sql.Add($") l CROSS JOIN index_reference y ON y.resource = l.resource AND y.param = {chain.By.Id} AND y.address = '' CROSS JOIN resource o ON o.type = y.type AND o.id = y.id");
        else sql.Add($") l CROSS JOIN resource o ON o.key = l.resource CROSS JOIN index_reference y ON y.id = o.id AND y.address = '' AND y.param = {chain.By.Id} AND y.type = {target.Type}");
    }
}
