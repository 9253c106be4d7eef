using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Search;

/// <summary>A criterion as a condition on resource `r`, over the rows that mask `m` permits. `:not` and `:missing` mean that there is no
/// such row: a hidden row counts as none.</summary>
internal static class CriterionSql
{
    /// <summary>More values than this do not lead a search.</summary>
    private const int MostLeadingValues = 50, FewValues = 8;

    public static void Holds(SqlText sql, Criterion criterion)
    {
        if (criterion.Modifier == Modifier.Missing)
        {
            Missing(sql, criterion);
            return;
        }
        var modifier = criterion.Modifier == Modifier.Not ? Modifier.None : criterion.Modifier;
        if (IndexSql.Of(criterion.Parameter, modifier) is not { } index || criterion.AnyOf.Count == 0)
        {
            // Nothing is indexed for it, or it means no code: nothing is found. No code at all is no code that is not wanted.
            if (criterion.Modifier == Modifier.Not && criterion.AnyOf.Count == 0) sql.Add($"1 = 1");
            else sql.Add($"1 = 0");
            return;
        }
        if (criterion.Modifier == Modifier.Not) sql.Add($"NOT ");
        // The same quantity in other units stands in rows of its own.
        sql.AnyOf(criterion.AnyOf.GroupBy(value => value.In ?? criterion.Parameter).ToList(), (to, values) =>
        {
            HasPermitted(to, index.Table, values.Key);
            to.Add($" AND ");
            AnyOf(to, index, modifier, [.. values]);
            to.Add($")");
        });
    }

    /// <summary>Many codes of one system are a list: a value set is one.</summary>
    private static void AnyOf(SqlText sql, IndexSql index, Modifier modifier, IReadOnlyList<QueryValue> values)
    {
        if (index is not TokenSql || values.Count < FewValues || values.Any(v => v.Value is null)) sql.AnyOf(values, (to, value) => index.Meets(to, modifier, value));
        else
            sql.AnyOf(values.GroupBy(v => v.System).ToList(), (to, codes) =>
            {
                to.Add($"x.code IN ").AddList([.. codes.Select(v => v.Value!)]);
                if (codes.Key is { } system) to.Add($" AND x.system = {system}");
            });
    }

    /// <summary>Whether the values lead straight to few resources; then `Leads` may come first in the search.</summary>
    public static bool CanLead(Criterion criterion) =>
        criterion is { Modifier: not (Modifier.Not or Modifier.Missing), AnyOf.Count: > 0 and <= MostLeadingValues }
        && IndexSql.Of(criterion.Parameter, criterion.Modifier) is { } index
        && criterion.AnyOf.All(value => index.IsFound(criterion.Modifier, value));

    /// <summary>The keys of all resources that can meet the criterion, permitted or not: it narrows, `Holds` decides.</summary>
    public static void Leads(SqlText sql, Criterion criterion)
    {
        var index = IndexSql.Of(criterion.Parameter, criterion.Modifier)!;
        for (var i = 0; i < criterion.AnyOf.Count; i++)
        {
            if (i > 0) sql.Add($" UNION ALL ");
            sql.Add($"SELECT x.resource FROM {index.Table} x WHERE x.param = {(criterion.AnyOf[i].In ?? criterion.Parameter).Id} AND ");
            index.Finds(sql, criterion.Modifier, criterion.AnyOf[i]);
        }
    }

    private static void Missing(SqlText sql, Criterion criterion)
    {
        if (criterion.AnyOf is [{ Text: "true" }]) sql.Add($"NOT ");
        sql.AnyOf(IndexSql.AllOf(criterion.Parameter.Type), (to, index) =>
        {
            HasPermitted(to, index.Table, criterion.Parameter);
            to.Add($")");
        });
    }

    private static void HasPermitted(SqlText sql, Sql table, SearchParameter parameter) =>
        sql.Add($"EXISTS (SELECT 1 FROM {table} x WHERE x.resource = r.key AND x.param = {parameter.Id} AND (x.labels & ~m.mask) = 0");
}
