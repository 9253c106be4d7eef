using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>A code, and a value beside it: the columns of the value are named as its own table names them, and asked as there.
/// https://hl7.org/fhir/R4/search.html#composite</summary>
internal sealed class PairSql : IndexSql
{
    private readonly IndexSql value;

    private PairSql(IndexSql value, string columns) =>
        (this.value, Table) = (value, new($"(SELECT p.resource, p.param, p.key, p.labels, {columns} FROM index_pair p)"));

    private static readonly PairSql Token = new(TokenSql.Instance, "p.text1 AS code, p.text2 AS system"),
        Quantity = new(QuantitySql.Instance, "p.text1 AS code, p.text2 AS system, p.text3 AS unit, p.low, p.high"),
        Number = new(NumberSql.Instance, "p.low, p.high"), Date = new(DateSql.Instance, "p.first AS low, p.last AS high"),
        String = new(StringSql.Instance, "p.text1 AS normal, p.text2 AS text"), Uri = new(UriSql.Instance, "p.text1 AS uri"),
        Reference = new(ReferenceSql.Instance, "p.text1 AS id, p.text2 AS type, p.text3 AS address");

    public static PairSql? Of(Pair pair) => pair.Value.Type switch
    {
        SearchType.Token => Token,
        SearchType.Quantity => Quantity,
        SearchType.Number => Number,
        SearchType.Date => Date,
        SearchType.String => String,
        SearchType.Uri => Uri,
        SearchType.Reference => Reference,
        _ => null,
    };

    public override Sql Table { get; }
    /// <summary>Nobody sorts by pairs.</summary>
    public override Sql Least { get; } = new("NULL");

    public override void Meets(SqlText sql, Modifier modifier, QueryValue of)
    {
        sql.Add($"x.key = {of.Key ?? ""} AND (");
        value.Meets(sql, modifier, of);
        sql.Add($")");
    }

    public override bool IsFound(Modifier modifier, QueryValue of) => true;
}
