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

    public static void Holds(SqlText sql, IReadOnlyList<QueryValue> anyOf) =>
        sql.AnyOf(anyOf, (to, value) => DateSql.Meets(to, Time, Time, value));
}
