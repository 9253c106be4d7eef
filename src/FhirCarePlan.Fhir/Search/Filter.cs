namespace FhirCarePlan.Fhir.Search;

/// <summary>Conditions joined by and, or, not. https://hl7.org/fhir/R4/search_filter.html</summary>
public abstract record Filter
{
    /// <summary>A search of the same type finds the resource. Its criteria, ids, times and chains count, nothing else.</summary>
    public sealed record Is(SearchQuery Query) : Filter;
    public sealed record All(IReadOnlyList<Filter> Of) : Filter;
    public sealed record Any(IReadOnlyList<Filter> Of) : Filter;
    public sealed record Not(Filter Of) : Filter;

    /// <summary>The searches that it is made of.</summary>
    public IEnumerable<SearchQuery> Queries => this switch
    {
        Is one => [one.Query],
        All all => all.Of.SelectMany(f => f.Queries),
        Any any => any.Of.SelectMany(f => f.Queries),
        Not not => not.Of.Queries,
        _ => [],
    };

    /// <summary>The same filter over changed searches.</summary>
    public Filter With(Func<SearchQuery, SearchQuery> change) => this switch
    {
        Is one => new Is(change(one.Query)),
        All all => new All([.. all.Of.Select(f => f.With(change))]),
        Any any => new Any([.. any.Of.Select(f => f.With(change))]),
        Not not => new Not(not.Of.With(change)),
        _ => this,
    };

    /// <summary>For a resource of which each search can be answered.</summary>
    public bool Holds(Func<SearchQuery, bool> finds) => this switch
    {
        Is one => finds(one.Query),
        All all => all.Of.All(f => f.Holds(finds)),
        Any any => any.Of.Any(f => f.Holds(finds)),
        Not not => !not.Of.Holds(finds),
        _ => false,
    };
}
