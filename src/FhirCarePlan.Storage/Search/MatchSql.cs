using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>The statement that finds all matches of a search in the caller's view, in order. One row each: key, mask, id.</summary>
internal static class MatchSql
{
    /// <param name="leading">Writes the keys that the search starts from; null to go through all of the type by id.</param>
    public static SqlText Matches(Dialect dialect, SearchQuery query, ViewSql view, Action<SqlText>? leading)
    {
        var sql = new SqlText(dialect);
        Select(sql, query, view, leading, withOrder: true);
        return sql;
    }

    /// <summary>How many there are: one row, one number.</summary>
    public static SqlText Count(Dialect dialect, SearchQuery query, ViewSql view, Action<SqlText>? leading)
    {
        var sql = new SqlText(dialect).Add($"SELECT count(*) FROM (");
        Select(sql, query, view, leading, withOrder: false);
        return sql.Add($") matches");
    }

    /// <summary>At most `limit` rows that the criterion would lead to: how narrow it is.</summary>
    public static SqlText Narrowness(Dialect dialect, Criterion criterion, int limit)
    {
        var sql = new SqlText(dialect).Add($"SELECT count(*) FROM (SELECT 1 FROM (");
        CriterionSql.Leads(sql, criterion);
        return sql.Add($") leads LIMIT {limit}) few");
    }

    private static void Select(SqlText sql, SearchQuery query, ViewSql view, Action<SqlText>? leading, bool withOrder)
    {
        sql.Add($"SELECT r.key, m.mask, r.id");
        if (withOrder)
        {
            for (var i = 0; i < query.Sort.Count; i++)
            {
                sql.Add($", ");
                SortSql.Key(sql, query.Sort[i]);
                sql.Add($" AS {SortSql.Name(i)}");
            }
        }
        sql.Add($" FROM ");
        if (leading is not null)
        {
            sql.Add($"(SELECT DISTINCT resource FROM (");
            leading(sql);
            sql.Add($") leads) d {sql.Dialect.ThenJoin} resource r ON r.key = d.resource");
        }
        else sql.Add($"resource r");
        view.Join(sql);
        sql.Add($" WHERE r.type = {query.Type} AND ");
        ViewSql.IsVisible(sql);
        foreach (var ids in query.Ids) sql.Add($" AND r.id IN ").AddList(ids);
        foreach (var criterion in query.Criteria)
        {
            sql.Add($" AND ");
            CriterionSql.Holds(sql, criterion);
        }
        foreach (var times in query.LastUpdated) LastUpdatedSql.Holds(sql.Add($" AND "), times);
        if (withOrder) SortSql.Order(sql, query.Sort);
    }
}
