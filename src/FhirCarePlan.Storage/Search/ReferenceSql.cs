using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>`id`, `Type/id`, an address that is not local. https://hl7.org/fhir/R4/search.html#reference</summary>
internal sealed class ReferenceSql : IndexSql
{
    public static ReferenceSql Instance { get; } = new();

    public override Sql Table { get; } = new("index_reference");
    public override Sql Least { get; } = new("CASE WHEN x.id = '' THEN x.address ELSE x.type || '/' || x.id END");

    public override void Meets(SqlText sql, Modifier modifier, QueryValue value)
    {
        if (value.Text is { } address) sql.Add($"x.id = '' AND x.address = {address}");
        else
        {
            // An empty id is a row without one, never a match.
            sql.Add($"x.id = {value.Value ?? ""} AND x.id <> '' AND x.address = ''");
            if (value.System is { } type) sql.Add($" AND x.type = {type}");
        }
    }

    public override bool IsFound(Modifier modifier, QueryValue value) => true;
}
