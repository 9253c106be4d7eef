namespace FhirCarePlan.Storage.Search;

/// <summary>The statement that finds the versions of a type in the caller's view, newest first. A row each: resource, mask, version, time, the
/// standing (own, class, kinds), whether this caller sees it as the current one, its root mask, the time of the next version (where somebody
/// asks). A row without a mask: nobody has decided about this standing yet. A version has a row for every mask under which it
/// changed.</summary>
internal static class HistorySql
{
    /// <summary>The version that mask `m` sees as the current one: the newest in which something changed that it permits, else the first.</summary>
    private static readonly Sql Current = new("""
        coalesce(
            (SELECT n.version FROM version_change n WHERE n.resource = r.key AND (n.mask & ~m.mask) = 0 ORDER BY n.version DESC LIMIT 1),
            (SELECT n.version FROM version_change n WHERE n.resource = r.key ORDER BY n.version LIMIT 1))
        """);

    /// <param name="leading">Writes the keys of the resources to look at; null: all of the type, along the index of times.</param>
    /// <param name="from">The latest time; <paramref name="to"/> the earliest. Null: no end.</param>
    public static SqlText Rows(HistoryQuery query, ViewSql view, Action<SqlText>? leading, long? from, long? to)
    {
        var sql = new SqlText().Add($"SELECT c.resource, m.mask, c.version, c.last_updated, ");
        view.Standing(sql);
        sql.Add($", CASE WHEN c.version = {Current} THEN 1 ELSE 0 END, v.root_mask, ");
        if (query.At is null) sql.Add($"NULL");
        else sql.Add($"(SELECT min(n.last_updated) FROM version_change n WHERE n.resource = c.resource AND n.version > c.version)");
        sql.Add($" FROM ");
        if (leading is not null)
        {
            sql.Add($"(SELECT DISTINCT resource FROM (");
            leading(sql);
            sql.Add($") leads) d CROSS JOIN version_change c ON c.resource = d.resource");
        }
        else sql.Add($"version_change c");
        sql.Add($" CROSS JOIN resource r ON r.key = c.resource CROSS JOIN version v ON v.no = c.version");
        view.Join(sql);
        Span(sql.Add($" WHERE c.type = {query.Type}"), query, from);
        if (to is { } least) sql.Add($" AND c.last_updated >= {least}");
        sql.Add($" AND (m.mask IS NULL OR (");
        ViewSql.IsVisible(sql);
        view.Only?.Holds(sql.Add($" AND "));
        return sql.Add($")) ORDER BY c.last_updated DESC, c.version DESC");
    }

    /// <summary>The time so many rows further back: one row, or none at the end.</summary>
    public static SqlText Bound(HistoryQuery query, long? from, int rows)
    {
        var sql = new SqlText().Add($"SELECT c.last_updated FROM version_change c WHERE c.type = {query.Type}");
        Span(sql, query, from);
        return sql.Add($" ORDER BY c.last_updated DESC LIMIT 1 OFFSET {(long)rows}");
    }

    private static void Span(SqlText sql, HistoryQuery query, long? from)
    {
        if (from is { } latest) sql.Add($" AND c.last_updated <= {latest}");
        if (query.Since is { } since) sql.Add($" AND c.last_updated >= {since}");
        if (query.At is { } at) sql.Add($" AND c.last_updated <= {at.High}");
        if (query.After is { } after) sql.Add($" AND c.last_updated <= {after.Time} AND (c.last_updated < {after.Time} OR c.version < {after.Number})");
    }
}
