using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>Membership of a compartment as a condition on resource `r`, over the references that mask `m` permits.
/// https://hl7.org/fhir/R4/compartmentdefinition.html</summary>
internal static class CompartmentSql
{
    public static void Holds(SqlText sql, string type, Membership within)
    {
        sql.Add($"(EXISTS (SELECT 1 FROM index_reference x WHERE x.resource = r.key AND (x.labels & ~m.mask) = 0 AND ");
        Refers(sql, within);
        sql.Add($")");
        if (type == within.Type) sql.Add($" OR r.id IN ").AddList(within.Ids);
        sql.Add($")");
    }

    /// <summary>The keys of all that can belong to it, permitted or not: it narrows, `Holds` decides.</summary>
    public static void Leads(SqlText sql, string type, Membership within)
    {
        sql.Add($"SELECT x.resource FROM index_reference x WHERE ");
        Refers(sql, within);
        if (type == within.Type) sql.Add($" UNION ALL SELECT o.key FROM resource o WHERE o.type = {type} AND o.id IN ").AddList(within.Ids);
    }

    private static void Refers(SqlText sql, Membership within)
    {
        sql.Add($"x.id IN ").AddList(within.Ids).Add($" AND x.address = '' AND x.type = {within.Type} AND ");
        sql.AnyOf(within.By, (to, parameter) => to.Add($"x.param = {(long)parameter.Id}"));
    }
}
