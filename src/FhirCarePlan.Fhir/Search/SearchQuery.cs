namespace FhirCarePlan.Fhir.Search;

public enum Modifier { None, Exact, Contains, Not, Missing, Text, Type, Identifier, Above, Below, OfType, In, NotIn, Same, Ends }
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
    /// <summary>Conditions on what references lead to and come from; all must hold.</summary>
    public IReadOnlyList<Chain> Chains { get; init; } = [];
    /// <summary>The conditions of `_filter`, `_text` and `_content`. A match meets all of them.</summary>
    public IReadOnlyList<Filter> Filters { get; init; } = [];
    /// <summary>Only what belongs to this compartment; null: all.</summary>
    public Membership? Within { get; init; }
    /// <summary>Only what has a date that meets this span, or no date at all; null: all.</summary>
    public DateRange? Dated { get; init; }
    public IReadOnlyList<SortKey> Sort { get; init; } = [];
    /// <summary>0–1000; 0 asks for the count alone.</summary>
    public int Count { get; init; } = 50;
    /// <summary>Without being asked, matches are counted as far as this, or as far as the page goes.</summary>
    public const int CheapTotal = 100;

    /// <summary>Null when not asked.</summary>
    public TotalMode? Total { get; init; }
    /// <summary>Only the number is asked for.</summary>
    public bool IsCount => Count == 0 || Summary == SummaryMode.Count;
    /// <summary>With more matches than this the answer has no total, because the database would have to count all of them.</summary>
    public int MostCounted => IsCount || Total is TotalMode.Accurate or TotalMode.Estimate ? int.MaxValue
        : Total is TotalMode.None ? 0 : Math.Max(CheapTotal, Count);
    public SummaryMode Summary { get; init; }
    public IReadOnlyList<string> Elements { get; init; } = [];
    public IReadOnlyList<Include> Includes { get; init; } = [];
    public IReadOnlyList<Include> RevIncludes { get; init; } = [];
    /// <summary>Opaque place to go on from, already opened and checked by the server; null for the first page.</summary>
    public string? Page { get; init; }
    /// <summary>The parameters that were understood, in order, as `name=value` pairs escaped for a self link, without `_page`.</summary>
    public string SelfQuery { get; init; } = "";
}

/// <summary>One `parameter:modifier=a,b`: holds when some permitted row of the parameter matches some value. `Not`: when no permitted row
/// matches any value, so also when there is no row. `Missing`: `AnyOf` holds one value whose `Text` is `true` or `false`.</summary>
public sealed record Criterion(SearchParameter Parameter, Modifier Modifier, IReadOnlyList<QueryValue> AnyOf)
{
    /// <summary>As the caller wrote it: `:in`, `:not-in`, and `:above` and `:below` of tokens are lists of codes by now, and `:of-type` asks
    /// `SearchParameter.OfType`.</summary>
    public Modifier Written { get; init; } = Modifier;

    /// <summary>For `subject:Patient=…`; the values then carry it as `System` too.</summary>
    public string? TypeModifier { get; init; }
}

/// <summary>One value of a criterion; fields as in IndexEntry. How a row (small letters) meets it:
/// <list type="bullet">
/// <item>String: row.Value starts with Value; `Contains`: contains it; `Exact`: row.Text equals Text.</item>
/// <item>Token: System is null or equal, and Value is null or equal. System null: any system; "": none (`|code`); Value null
/// (`system|`): any code of the system, or none; both null: any row (`system|` where the system is implied). `Text`: row.Text starts with Text. `Identifier`: the same over the reference's Token rows.</item>
/// <item>Reference: Text is not null: row.Text equals it. Otherwise row.Value equals Value, and System is null or equal.</item>
/// <item>Special (`_text`, `_content`): one of the words in row.Text is Value.</item>
/// <item>String `Same`: row.Value equals Value; `Ends`: it ends with it.</item>
/// <item>String `Text`: every word of Value begins a word of row.Value.</item>
/// <item>Uri: row.Value equals Value; `Below`: also begins with it and a slash; `Above`: Value is equal to it, or begins with it and a slash.</item>
/// <item>Date (Low, High), number and quantity (NumberLow, NumberHigh), all ends included, row [l, h], value [L, H]: eq l ≥ L and h ≤ H;
/// ne not so; gt h > H; lt l &lt; L; ge h ≥ L; le l ≤ H; sa l > H; eb h &lt; L; ap l ≤ H and h ≥ L. The parser has put precision and the
/// width of `ap` into L and H; for the other prefixes a number has L = H.</item>
/// <item>Quantity besides: System is null or equal; Value is null, or equal to row.Value, or (Text not null, from `5.4||mg`) Text equals row.Text.</item>
/// </list></summary>
public sealed record QueryValue
{
    /// <summary>Whose rows it looks at, if not those of the criterion's own parameter: `SearchParameter.InBase`.</summary>
    public SearchParameter? In { get; init; }
    /// <summary>Pair: row.Key equals Key, and the row meets the other fields as the pair's value says.</summary>
    public string? Key { get; init; }
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

/// <summary>`patient.identifier=…`: the reference leads to something that one of these searches finds; `_has:CarePlan:patient:status=…`: the
/// reference comes from something that the search finds. https://hl7.org/fhir/R4/search.html#chaining, https://hl7.org/fhir/R4/search.html#has</summary>
/// <param name="By">A parameter of the type searched; of `_has`, of the type that refers to it.</param>
/// <param name="Targets">One for each type that the reference may lead to and that has the parameter asked for; of `_has`, one.</param>
public sealed record Chain(SearchParameter By, bool IsReverse, IReadOnlyList<SearchQuery> Targets);

/// <summary>What belongs to the compartment of one of these: what refers to it by one of these parameters of its own type, and the resource itself.
/// https://hl7.org/fhir/R4/compartmentdefinition.html</summary>
public sealed record Membership(string Type, IReadOnlyList<string> Ids, IReadOnlyList<SearchParameter> By);

/// <param name="Parameter">Null for `_lastUpdated` and `_id`, named by `Special`.</param>
public sealed record SortKey(SearchParameter? Parameter, bool Descending, string? Special = null);

/// <summary>`_include=CarePlan:subject:Patient`; `Parameter` null for the wildcard `*`. For _revinclude `SourceType` is the referring type.</summary>
/// <param name="IsIterated">`:iterate`: of what was brought along as well.</param>
public sealed record Include(string SourceType, SearchParameter? Parameter, string? TargetType, bool IsIterated = false);
