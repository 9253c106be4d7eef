using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>Resources that the page's hits refer to, and resources that refer to the hits. The reference must be permitted in its own
/// resource, and the included resource is decided by the same join as any match. `g` is the page: key and mask of each hit.
/// https://hl7.org/fhir/R4/search.html#include</summary>
internal static class IncludeSql
{
    public static SqlText Included(Dialect dialect, Include include, ViewSql view)
    {
        var sql = new SqlText(dialect).Add($"""
            SELECT DISTINCT r.key, m.mask, r.type, r.id FROM page g
            {dialect.ThenJoin} resource s ON s.key = g.key AND s.type = {include.SourceType}
            {dialect.ThenJoin} index_reference x ON x.resource = g.key AND (x.labels & ~g.mask) = 0 AND x.address = ''
            """);
        if (include.Parameter is { } parameter) sql.Add($" AND x.param = {parameter.Id}");
        if (include.TargetType is { } target) sql.Add($" AND x.type = {target}");
        sql.Add($" {dialect.ThenJoin} resource r ON r.type = x.type AND r.id = x.id");
        view.Join(sql);
        return Visible(sql);
    }

    public static SqlText Referring(Dialect dialect, Include include, ViewSql view)
    {
        var sql = new SqlText(dialect).Add($"""
            SELECT DISTINCT r.key, m.mask, r.type, r.id FROM page g
            {dialect.ThenJoin} resource s ON s.key = g.key
            """);
        if (include.TargetType is { } target) sql.Add($" AND s.type = {target}");
        sql.Add($" {dialect.ThenJoin} index_reference x ON x.id = s.id AND x.address = '' AND x.type = s.type");
        if (include.Parameter is { } parameter) sql.Add($" AND x.param = {parameter.Id}");
        sql.Add($" {dialect.ThenJoin} resource r ON r.key = x.resource AND r.type = {include.SourceType}");
        view.Join(sql);
        return Visible(sql.Add($" AND (x.labels & ~m.mask) = 0"));
    }

    private static SqlText Visible(SqlText sql)
    {
        sql.Add($" WHERE ");
        ViewSql.IsVisible(sql);
        return sql.Add($" AND r.key NOT IN (SELECT key FROM page) ORDER BY r.type, r.id");
    }
}
