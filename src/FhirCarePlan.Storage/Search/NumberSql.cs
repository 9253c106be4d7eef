using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>As dates, over numbers. https://hl7.org/fhir/R4/search.html#number</summary>
internal class NumberSql : IndexSql
{
    public static NumberSql Instance { get; } = new();

    public override Sql Table { get; } = new("index_number");
    public override Sql Least { get; } = new("x.number");

    public override void Meets(SqlText sql, Modifier modifier, QueryValue value)
    {
        _ = value.Prefix switch
        {
            Prefix.Eq => sql.Add($"x.low >= {value.NumberLow} AND x.low <= {value.NumberHigh} AND x.high <= {value.NumberHigh}"),
            Prefix.Ne => sql.Add($"(x.low < {value.NumberLow} OR x.high > {value.NumberHigh})"),
            Prefix.Gt => sql.Add($"x.high > {value.NumberHigh}"),
            Prefix.Lt => sql.Add($"x.low < {value.NumberLow}"),
            Prefix.Ge => sql.Add($"x.high >= {value.NumberLow}"),
            Prefix.Le => sql.Add($"x.low <= {value.NumberHigh}"),
            Prefix.Sa => sql.Add($"x.low > {value.NumberHigh}"),
            Prefix.Eb => sql.Add($"x.high < {value.NumberLow}"),
            _ => sql.Add($"x.low <= {value.NumberHigh} AND x.high >= {value.NumberLow}"),
        };
    }

    public override bool IsFound(Modifier modifier, QueryValue value) => value.Prefix is not Prefix.Ne;
}
