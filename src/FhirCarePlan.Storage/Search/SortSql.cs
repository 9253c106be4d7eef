using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>Sort keys over permitted rows only: a resource's least value when ascending, its greatest when descending. Resources without a
/// value come last either way; ties go by id. https://hl7.org/fhir/R4/search.html#sort</summary>
internal static class SortSql
{
    /// <summary>The expression of one key on resource `r` under decision `m`.</summary>
    public static void Key(SqlText sql, SortKey key)
    {
        if (key.Parameter is not { } parameter)
        {
            sql.Add($"{(key.Special == "_lastUpdated" ? LastUpdatedSql.Time : new Sql("r.id"))}");
            return;
        }
        if (IndexSql.Of(parameter.Type) is not { } index)
        {
            sql.Add($"NULL");
            return;
        }
        var (function, column) = key.Descending ? (new Sql("max"), index.Greatest) : (new Sql("min"), index.Least);
        sql.Add($"""
            (SELECT {function}({column}) FROM {index.Table} x WHERE x.resource = r.key AND x.param = {parameter.Id} AND (x.labels & ~m.mask) = 0)
            """);
    }

    /// <param name="path">Brings the first key in order, and never null.</param>
    /// <param name="isBackwards">The other way round, nulls first.</param>
    public static void Order(SqlText sql, IReadOnlyList<SortKey> keys, OrderPath? path, bool isBackwards)
    {
        sql.Add($" ORDER BY ");
        for (var i = 0; i < keys.Count; i++)
        {
            sql.Add($"{Name(i)} {new Sql(keys[i].Descending != isBackwards ? "DESC" : "ASC")}");
            if (i > 0 || path is null) sql.Add($" NULLS {new Sql(isBackwards ? "FIRST" : "LAST")}");
            sql.Add($", ");
        }
        sql.Add($"r.id {new Sql(isBackwards ? "DESC" : "ASC")}");
    }

    public static Sql Name(int key) => new($"sort{key}");
}
