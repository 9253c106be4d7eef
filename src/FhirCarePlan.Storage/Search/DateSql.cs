using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>Ranges against ranges. https://hl7.org/fhir/R4/search.html#prefix</summary>
internal sealed class DateSql : IndexSql
{
    public static DateSql Instance { get; } = new();

    public override Sql Table { get; } = new("index_date");
    public override Sql Least { get; } = new("x.low");
    public override Sql Greatest { get; } = new("x.high");
    public override Sql? InOrder(bool isDescending) => isDescending ? Greatest : Least;

    public override void Meets(SqlText sql, Modifier modifier, QueryValue value) => Meets(sql, new("x.low"), new("x.high"), value);

    public override bool IsFound(Modifier modifier, QueryValue value) => value.Prefix is not Prefix.Ne;

    public static void Meets(SqlText sql, Sql low, Sql high, QueryValue value)
    {
        _ = value.Prefix switch
        {
            Prefix.Eq => sql.Add($"{low} >= {value.Low} AND {low} <= {value.High} AND {high} <= {value.High}"),
            Prefix.Ne => sql.Add($"({low} < {value.Low} OR {high} > {value.High})"),
            Prefix.Gt => sql.Add($"{high} > {value.High}"),
            Prefix.Lt => sql.Add($"{low} < {value.Low}"),
            Prefix.Ge => sql.Add($"{high} >= {value.Low}"),
            Prefix.Le => sql.Add($"{low} <= {value.High}"),
            Prefix.Sa => sql.Add($"{low} > {value.High}"),
            Prefix.Eb => sql.Add($"{high} < {value.Low}"),
            _ => sql.Add($"{low} <= {value.High} AND {high} >= {value.Low}"),
        };
    }
}
