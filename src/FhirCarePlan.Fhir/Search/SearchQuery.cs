namespace FhirCarePlan.Fhir.Search;

public enum Modifier { None, Exact, Contains, Not, Missing, Text, Type, Identifier, Above, Below }
public enum Prefix { Eq, Ne, Gt, Lt, Ge, Le, Sa, Eb, Ap }
public enum TotalMode { None, Estimate, Accurate }
public enum SummaryMode { False, True, Text, Data, Count }

/// <summary>A search as asked, understood and checked against the definitions. https://hl7.org/fhir/R4/search.html</summary>
public sealed record SearchQuery(string Type)
{
    /// <summary>All must hold.</summary>
    public IReadOnlyList<Criterion> Criteria { get; init; } = [];
    /// <summary>`_id` values as given, each an AND of ORs; empty when not asked.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Ids { get; init; } = [];
    /// <summary>`_lastUpdated`, in ticks like any date.</summary>
    public IReadOnlyList<IReadOnlyList<QueryValue>> LastUpdated { get; init; } = [];
    public IReadOnlyList<SortKey> Sort { get; init; } = [];
    /// <summary>0–1000; 0 asks for the count alone.</summary>
    public int Count { get; init; } = 50;
    public TotalMode Total { get; init; } = TotalMode.Accurate;
    public SummaryMode Summary { get; init; }
    public IReadOnlyList<string> Elements { get; init; } = [];
    public IReadOnlyList<Include> Includes { get; init; } = [];
    public IReadOnlyList<Include> RevIncludes { get; init; } = [];
    /// <summary>Opaque place to go on from, already opened and checked by the server; null for the first page.</summary>
    public string? Page { get; init; }
    /// <summary>What was understood, in order, as `name=value` pairs escaped for a self link, without `_page`.</summary>
    public string SelfQuery { get; init; } = "";
}

/// <summary>One `parameter:modifier=a,b`: any of the values. `Missing`: `AnyOf` holds one value whose `Text` is `true` or `false`.</summary>
public sealed record Criterion(SearchParameter Parameter, Modifier Modifier, IReadOnlyList<QueryValue> AnyOf)
{
    /// <summary>For `subject:Patient=…`.</summary>
    public string? TypeModifier { get; init; }
}

/// <summary>One value of a criterion; fields as in IndexEntry. `System` null: any system; "": none (`|code`). `Value` null: any code (`system|`).</summary>
public sealed record QueryValue
{
    public Prefix Prefix { get; init; }
    public string? System { get; init; }
    public string? Value { get; init; }
    public string? Text { get; init; }
    public long Low { get; init; }
    public long High { get; init; }
    public double Number { get; init; }
    public double NumberLow { get; init; }
    public double NumberHigh { get; init; }
}

/// <param name="Parameter">Null for `_lastUpdated` and `_id`, named by `Special`.</param>
public sealed record SortKey(SearchParameter? Parameter, bool Descending, string? Special = null);

/// <summary>`_include=CarePlan:subject:Patient`; `Parameter` null for the wildcard `*`. For _revinclude `SourceType` is the referring type.</summary>
public sealed record Include(string SourceType, SearchParameter? Parameter, string? TargetType);
