using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search;

/// <summary>Decides one resource at a time, as naively as the spec reads, whether a query finds it. The SQL side is tested against
/// it, so it shares no code with it. https://hl7.org/fhir/R4/search.html</summary>
public static class Oracle
{
    /// <param name="rows">Those that the caller may see; a row that is not permitted does not exist.</param>
    /// <param name="lastUpdated">In UTC ticks.</param>
    public static bool Matches(SearchQuery query, string type, string id, long lastUpdated, IReadOnlyList<IndexEntry> rows) =>
        query.Type == type
        && query.Ids.All(any => any.Contains(id))
        && query.LastUpdated.All(any => any.Any(value => InOrder(value.Prefix, lastUpdated, lastUpdated, value.Low, value.High)))
        && query.Criteria.All(criterion => Holds(criterion, rows))
        && query.Filters.All(filter => Holds(filter, one => Matches(one, type, id, lastUpdated, rows)));

    private static bool Holds(Filter filter, Func<SearchQuery, bool> finds) => filter switch
    {
        Filter.Is one => finds(one.Query),
        Filter.All all => all.Of.All(f => Holds(f, finds)),
        Filter.Any any => any.Of.Any(f => Holds(f, finds)),
        Filter.Not not => !Holds(not.Of, finds),
        _ => throw new NotSupportedException(),
    };

    public static bool Holds(Criterion criterion, IReadOnlyList<IndexEntry> rows)
    {
        if (criterion.Parameter.Type is SearchType.Composite or SearchType.Quantity or SearchType.Special && criterion.Modifier == Modifier.None)
            return criterion.AnyOf.Any(value => rows.Any(row => row.Parameter.Id == (value.In ?? criterion.Parameter).Id && row.Key == value.Key
                && Meets(criterion with { Parameter = criterion.Parameter.Pair?.Value ?? criterion.Parameter }, row with { Kind = criterion.Parameter.Pair?.Value.Type ?? row.Kind }, value)));
        var mine = rows.Where(row => row.Parameter.Id == criterion.Parameter.Id).ToList();
        return criterion.Modifier switch
        {
            Modifier.Missing => mine.Count == 0 == (criterion.AnyOf.Single().Text == "true"),
            Modifier.Not => !mine.Any(row => criterion.AnyOf.Any(value => IsToken(row, value))),
            _ => mine.Any(row => criterion.AnyOf.Any(value => Meets(criterion, row, value))),
        };
    }

    private static bool Meets(Criterion criterion, IndexEntry row, QueryValue value) => (criterion.Parameter.Type, criterion.Modifier) switch
    {
        (SearchType.Reference, Modifier.Identifier) => IsToken(row, value),
        (SearchType.Reference, _) => row.Kind == SearchType.Reference && IsTarget(row, value),
        (SearchType.Token, Modifier.Text) => row.Text?.StartsWith(value.Text!, StringComparison.Ordinal) == true,
        (SearchType.Token, _) => IsToken(row, value),
        (SearchType.String, Modifier.Exact) => row.Text == value.Text,
        (SearchType.String, Modifier.Contains) => row.Value!.Contains(value.Value!, StringComparison.Ordinal),
        (SearchType.String, Modifier.Same) => row.Value == value.Value,
        (SearchType.String, Modifier.Ends) => row.Value!.EndsWith(value.Value!, StringComparison.Ordinal),
        (SearchType.String, Modifier.Text) => value.Value!.Split(' ').All(word => row.Value!.Split(' ').Any(w => w.StartsWith(word, StringComparison.Ordinal))),
        (SearchType.String, _) => row.Value!.StartsWith(value.Value!, StringComparison.Ordinal),
        (SearchType.Uri, Modifier.Below) => row.Value == value.Value || row.Value!.StartsWith(value.Value!.TrimEnd('/') + "/", StringComparison.Ordinal),
        (SearchType.Uri, Modifier.Above) => row.Value == value.Value || value.Value!.StartsWith(row.Value!.TrimEnd('/') + "/", StringComparison.Ordinal),
        (SearchType.Uri, _) => row.Value == value.Value,
        (SearchType.Special, _) => row.Text!.Split(' ').Contains(value.Value),
        (SearchType.Date, _) => InOrder(value.Prefix, row.Low, row.High, value.Low, value.High),
        (SearchType.Number, _) => InOrder(value.Prefix, row.NumberLow, row.NumberHigh, value.NumberLow, value.NumberHigh),
        (SearchType.Quantity, _) => InOrder(value.Prefix, row.NumberLow, row.NumberHigh, value.NumberLow, value.NumberHigh) && IsUnit(row, value),
        _ => throw new NotSupportedException($"{criterion.Parameter} {criterion.Modifier}"),
    };

    private static bool IsToken(IndexEntry row, QueryValue value) =>
        row.Kind == SearchType.Token
        && (value.System is null || value.System == row.System)
        && (value.Value is null || value.Value == row.Value);

    private static bool IsTarget(IndexEntry row, QueryValue value) =>
        value.Text != null ? row.Text == value.Text : row.Value == value.Value && (value.System is null || value.System == row.System);

    private static bool IsUnit(IndexEntry row, QueryValue value) =>
        (value.System is null || value.System == row.System)
        && (value.Value is null || value.Value == row.Value || (value.Text != null && value.Text == row.Text));

    /// <summary>The row covers low to high, the value Low to High, ends included.</summary>
    private static bool InOrder<T>(Prefix prefix, T low, T high, T Low, T High) where T : IComparable<T> => prefix switch
    {
        Prefix.Eq => low.CompareTo(Low) >= 0 && high.CompareTo(High) <= 0,
        Prefix.Ne => low.CompareTo(Low) < 0 || high.CompareTo(High) > 0,
        Prefix.Gt => high.CompareTo(High) > 0,
        Prefix.Lt => low.CompareTo(Low) < 0,
        Prefix.Ge => high.CompareTo(Low) >= 0,
        Prefix.Le => low.CompareTo(High) <= 0,
        Prefix.Sa => low.CompareTo(High) > 0,
        Prefix.Eb => high.CompareTo(Low) < 0,
        Prefix.Ap => low.CompareTo(High) <= 0 && high.CompareTo(Low) >= 0,
        _ => throw new ArgumentOutOfRangeException(nameof(prefix)),
    };
}
