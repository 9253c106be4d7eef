using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>`_lastUpdated` of the version that is current for the caller: the newest in which something changed that mask `m` permits.
/// https://hl7.org/fhir/R4/search.html#lastUpdated</summary>
internal static class LastUpdatedSql
{
    /// <summary>A caller who sees a resource saw it appear; if no change is permitted, its first version counts.</summary>
    public static Sql Time { get; } = new("""
        coalesce(
            (SELECT c.last_updated FROM version_change c WHERE c.resource = r.key AND (c.mask & ~m.mask) = 0 ORDER BY c.version DESC LIMIT 1),
            (SELECT c.last_updated FROM version_change c WHERE c.resource = r.key ORDER BY c.version LIMIT 1))
        """);

    /// <summary>The times that can lead a search: those of an end, a beginning, or a span.</summary>
    public static bool CanLead(IReadOnlyList<QueryValue> anyOf) => anyOf is [{ Prefix: not Prefix.Ne }];

    /// <summary>The keys of all resources that were changed then, for somebody: it narrows, `Holds` decides.</summary>
    public static void Leads(SqlText sql, string type, IReadOnlyList<QueryValue> anyOf)
    {
        sql.Add($"SELECT c.resource FROM version_change c WHERE c.type = {type} AND c.leads = 1 AND ");
        DateSql.Meets(sql, new("c.last_updated"), new("c.last_updated"), anyOf[0]);
    }

    public static void Holds(SqlText sql, IReadOnlyList<QueryValue> anyOf) =>
        sql.AnyOf(anyOf, (to, value) => DateSql.Meets(to, Time, Time, value));
}
