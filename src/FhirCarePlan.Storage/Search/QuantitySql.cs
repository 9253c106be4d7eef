using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>A number, and its unit by system and code, or by either code or unit as written.
/// https://hl7.org/fhir/R4/search.html#quantity</summary>
internal sealed class QuantitySql : NumberSql
{
    public new static QuantitySql Instance { get; } = new();

    public override Sql Table { get; } = new("index_quantity");

    public override void Meets(SqlText sql, Modifier modifier, QueryValue value)
    {
        base.Meets(sql, modifier, value);
        if (value.System is { } system) sql.Add($" AND x.system = {system}");
        if (value.Value is not { } code) return;
        if (value.Text is { } unit) sql.Add($" AND (x.code = {code} OR x.unit = {unit})");
        else sql.Add($" AND x.code = {code}");
    }
}
