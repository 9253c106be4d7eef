using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>How one index table is asked; a row is always called `x`. Conditions follow QueryValue's table.</summary>
internal abstract class IndexSql
{
    public abstract Sql Table { get; }

    /// <summary>Writes the condition under which a row meets the value.</summary>
    public abstract void Meets(SqlText sql, Modifier modifier, QueryValue value);

    /// <summary>True when the index by value goes straight to the rows that meet the value, so that it may lead a search.</summary>
    public abstract bool IsFound(Modifier modifier, QueryValue value);

    /// <summary>The same condition as the index by value is asked.</summary>
    public virtual void Finds(SqlText sql, Modifier modifier, QueryValue value) => Meets(sql, modifier, value);

    /// <summary>What an ascending and a descending sort look at: the least, the greatest of these over a resource's rows.</summary>
    public abstract Sql Least { get; }
    public virtual Sql Greatest => Least;

    /// <summary>The column by which an index brings resources in this order; null where none does.</summary>
    public virtual Sql? InOrder(bool isDescending) => null;

    /// <summary>The table of a criterion's rows; null for pairs that cannot be asked.</summary>
    public static IndexSql? Of(SearchParameter parameter, Modifier modifier = Modifier.None) =>
        parameter.Type == SearchType.Composite ? parameter.Pair is { } pair ? PairSql.Of(pair) : null : Of(parameter.Type, modifier);

    /// <summary>The table of a type's rows; null for types that have no one table (composite).</summary>
    public static IndexSql? Of(SearchType type, Modifier modifier = Modifier.None) => (type, modifier) switch
    {
        (SearchType.Token, Modifier.Text) => TextSql.Instance,
        (SearchType.Token, _) or (SearchType.Reference, Modifier.Identifier) => TokenSql.Instance,
        (SearchType.Reference, _) => ReferenceSql.Instance,
        (SearchType.String, _) => StringSql.Instance,
        (SearchType.Uri, _) => UriSql.Instance,
        (SearchType.Date, _) => DateSql.Instance,
        (SearchType.Number, _) => NumberSql.Instance,
        (SearchType.Quantity, _) => QuantitySql.Instance,
        (SearchType.Special, _) => WordsSql.Instance,
        _ => null,
    };

    /// <summary>All tables in which a parameter of this type has rows: what `:missing` must look at.</summary>
    public static IndexSql[] AllOf(SearchType type) => type switch
    {
        SearchType.Token => [TokenSql.Instance, TextSql.Instance],
        SearchType.Reference => [ReferenceSql.Instance, TokenSql.Instance, TextSql.Instance],
        _ => Of(type) is { } table ? [table] : [],
    };
}
