using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>Resources that the page's hits refer to, and resources that refer to the hits. The reference must be permitted in its own
/// resource; the resource is decided like any match. `g` is the page: key and mask of each hit. A row each: key, type, root mask, labels of
/// the reference in it (0 where they do not matter), and the standing: own, class, kinds. https://hl7.org/fhir/R4/search.html#include</summary>
internal static class IncludeSql
{
    public static SqlText Included(Include include, ViewSql view)
    {
        var sql = new SqlText().Add($"SELECT DISTINCT r.key, r.type, r.root_mask, 0, ");
        view.FullStanding(sql);
        sql.Add($"""
            , r.id FROM page g
            CROSS JOIN resource s ON s.key = g.key AND s.type = {include.SourceType}
            CROSS JOIN index_reference x ON x.resource = g.key AND (x.labels & ~g.mask) = 0 AND x.address = ''
            """);
        if (include.Parameter is { } parameter) sql.Add($" AND x.param = {parameter.Id}");
        if (include.TargetType is { } target) sql.Add($" AND x.type = {target}");
        sql.Add($" CROSS JOIN resource r ON r.type = x.type AND r.id = x.id");
        return Candidates(sql);
    }

    public static SqlText Referring(Include include, ViewSql view)
    {
        var sql = new SqlText().Add($"SELECT DISTINCT r.key, r.type, r.root_mask, x.labels, ");
        view.FullStanding(sql);
        sql.Add($"""
            , r.id FROM page g
            CROSS JOIN resource s ON s.key = g.key
            """);
        if (include.TargetType is { } target) sql.Add($" AND s.type = {target}");
        sql.Add($" CROSS JOIN index_reference x ON x.id = s.id AND x.address = '' AND x.type = s.type");
        if (include.Parameter is { } parameter) sql.Add($" AND x.param = {parameter.Id}");
        sql.Add($" CROSS JOIN resource r ON r.key = x.resource AND r.type = {include.SourceType}");
        return Candidates(sql);
    }

    private static SqlText Candidates(SqlText sql) =>
        sql.Add($" LEFT JOIN person p ON p.no = r.person WHERE r.is_deleted = 0 AND r.key NOT IN (SELECT key FROM page) ORDER BY r.type, r.id");
}
