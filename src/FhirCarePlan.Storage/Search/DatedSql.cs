using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>A resource has a date in a span, or none at all, over the dates that mask `m` permits: what happened then, and what holds at all
/// times. https://hl7.org/fhir/R4/patient-operation-everything.html</summary>
internal static class DatedSql
{
    public static void Holds(SqlText sql, DateRange span)
    {
        sql.Add($"(NOT EXISTS (SELECT 1 FROM index_date x WHERE x.resource = r.key AND (x.labels & ~m.mask) = 0)");
        sql.Add($" OR EXISTS (SELECT 1 FROM index_date x WHERE x.resource = r.key AND (x.labels & ~m.mask) = 0 AND x.low <= {span.High} AND x.high >= {span.Low}))");
    }
}
