using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Search.Indexing;

namespace FhirCarePlan.Fhir.Search;

/// <summary>The search parameters of each resource type: R4's and those that packages add.
/// https://hl7.org/fhir/R4/searchparameter-registry.html</summary>
public sealed class SearchParameters
{
    private readonly Dictionary<string, List<SearchParameterFact>> byBase = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, OfType> types = new(StringComparer.Ordinal);
    private readonly List<SearchParameterFact> facts = [];

    private readonly List<string> refused = [];

    /// <param name="more">Parameters of packages. One for a (type, code) that R4 has does not change R4's meaning.</param>
    public SearchParameters(params IEnumerable<SearchParameterFact> more)
    {
        foreach (var fact in R4.SearchParameters) Add(fact);
        foreach (var fact in more)
            if (FaultOf(fact) is { } fault) refused.Add($"{fact.Url}: {fault}");
            else Add(fact);
    }

    /// <summary>Types of which only some parameters are served.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Only { get; init; } = new Dictionary<string, IReadOnlySet<string>>();

    /// <summary>Parameters of packages that cannot be used, each with the reason; a search cannot name them.</summary>
    public IReadOnlyList<string> Refused => refused;

    private void Add(SearchParameterFact fact)
    {
        if (fact.Url.StartsWith("http://hl7.org/fhir/SearchParameter/example", StringComparison.Ordinal)) return;
        facts.Add(fact);
        foreach (var type in fact.Bases)
            (byBase.TryGetValue(type, out var list) ? list : byBase[type] = []).Add(fact);
    }

    /// <summary>Null when the type has no parameter of this code. It also finds special ones, and composites that
    /// cannot be asked.</summary>
    public SearchParameter? Find(string type, string code) => types.GetOrAdd(type, Load).ByCode.GetValueOrDefault(code);

    /// <summary>The parameters that a search of the type may name, in alphabetical order, `_id` and `_lastUpdated` included.</summary>
    public IReadOnlyList<SearchParameter> For(string type) => types.GetOrAdd(type, Load).Usable;

    /// <summary>`_text`: the words of the narrative; null for types without one. https://hl7.org/fhir/R4/search.html#text</summary>
    public SearchParameter? Narrative(string type) => R4.Type(type)?.Element("text") is { } text && text.Types is [{ TypeName: "Narrative" }] ? types.GetOrAdd(type, Load).Narrative : null;
    /// <summary>`_content`: all other words. https://hl7.org/fhir/R4/search.html#content</summary>
    public SearchParameter? Content(string type) => types.GetOrAdd(type, Load).Content;

    /// <summary>The modifiers that the parser takes of it.</summary>
    public static IReadOnlyList<string> ModifiersOf(SearchParameter parameter) => [.. Parsing.Criteria.Modifiers(parameter)];

    /// <summary>Changes when any definition does, so that stored index rows can be told from those of another release.</summary>
    public string Fingerprint => fingerprint ??= Hash();
    private string? fingerprint;

    private string? FaultOf(SearchParameterFact fact)
    {
        try
        {
            foreach (var type in fact.Bases) _ = new IndexRules(Array.FindAll([From(fact, type)], IsUsable));
            return null;
        }
        catch (FhirPathException fault) { return fault.Message; }
    }

    private OfType Load(string type)
    {
        var byCode = new Dictionary<string, SearchParameter>(StringComparer.Ordinal);
        var ids = new HashSet<int>();
        foreach (var name in (string[])[type, "DomainResource", "Resource"])
            foreach (var fact in byBase.GetValueOrDefault(name, []))
            {
                if (byCode.ContainsKey(fact.Code) || Only.TryGetValue(type, out var served) && !served.Contains(fact.Code)) continue;
                var parameter = From(fact, type);
                byCode.Add(fact.Code, parameter);
                if (!ids.Add(parameter.Id) || (parameter.OfType ?? parameter.InBase) is { } beside && !ids.Add(beside.Id)) throw new InvalidOperationException($"Two search parameters of {type} hash alike; {fact.Url} needs another code.");
            }
        var usable = byCode.Values.Where(IsUsable).OrderBy(p => p.Code, StringComparer.Ordinal).ToArray();
        return Only.ContainsKey(type) ? new OfType(byCode, usable, null, null) : new OfType(byCode, usable, Words(type, "_text"), Words(type, "_content"));
    }

    private static SearchParameter Words(string type, string code) =>
        new() { Id = IdOf(type, code), ResourceType = type, Code = code, Type = SearchType.Special, Url = "", Expression = "" };

    private SearchParameter From(SearchParameterFact fact, string type)
    {
        var expression = ParameterExpression.For(type, fact.Expression);
        var parameter = new SearchParameter
        {
            Id = IdOf(type, fact.Code), ResourceType = type, Code = fact.Code, Url = fact.Url, Targets = fact.Targets,
            Type = Enum.TryParse<SearchType>(fact.Type, ignoreCase: true, out var kind) ? kind : SearchType.Special,
            Expression = expression, IsCondition = fact.Type == "token" && IndexCondition.IsCondition(expression),
            IsOfSome = fact.Type == "token" && IndexCondition.IsCondition(expression) && ConditionDomain.Of(type, expression) != null,
        };
        return parameter.Type switch
        {
            SearchType.Token when Elements.Has(parameter, "Identifier") => With(parameter, ofType: Beside(parameter, "of-type", SearchType.Token)),
            SearchType.Quantity => With(parameter, inBase: Beside(parameter, "base", SearchType.Quantity)),
            SearchType.Composite when PairOf(fact, type) is { } pair => With(parameter, pair: pair,
                inBase: pair.Value.InBase is null ? null : Beside(parameter, "base", SearchType.Composite, pair)),
            _ => parameter,
        };
    }

    private static SearchParameter With(SearchParameter parameter, SearchParameter? ofType = null, SearchParameter? inBase = null, Pair? pair = null) => new()
    {
        Id = parameter.Id, ResourceType = parameter.ResourceType, Code = parameter.Code, Url = parameter.Url, Targets = parameter.Targets, Type = parameter.Type,
        Expression = parameter.Expression, OfType = ofType, InBase = inBase, Pair = pair,
    };

    /// <summary>Rows that are kept beside those of a parameter and are asked in another way; nobody can ask for them by name.</summary>
    private static SearchParameter Beside(SearchParameter parameter, string what, SearchType type, Pair? pair = null) => new()
    {
        Id = IdOf(parameter.ResourceType, $"{parameter.Code}:{what}"), ResourceType = parameter.ResourceType, Code = $"{parameter.Code}:{what}", Url = "", Type = type, Expression = "", Pair = pair,
    };

    /// <summary>Null for a composite that is not a code and a value.</summary>
    private Pair? PairOf(SearchParameterFact fact, string type)
    {
        if (fact.Components is not [var one, var other]) return null;
        // R4 publishes the paths of these two the wrong way round.
        if (fact.Url == "http://hl7.org/fhir/SearchParameter/DocumentReference-relationship" && one.Expression == "code")
            (one, other) = (one with { Expression = other.Expression }, other with { Expression = one.Expression });
        if (Part(one) is not { } first || Part(other) is not { } second) return null;
        if (first.Type == SearchType.Token) return new(first, one.Expression, second, other.Expression, true);
        return second.Type == SearchType.Token ? new(second, other.Expression, first, one.Expression, false) : null;

        SearchParameter? Part(SearchComponentFact part) => facts.Find(f => f.Url == part.Definition) is { Type: not ("composite" or "special") } definition ? From(definition, type) : null;
    }

    internal static bool IsUsable(SearchParameter parameter) =>
        parameter.Type != SearchType.Special && (parameter.Type != SearchType.Composite || parameter.Pair != null) && parameter.Expression.Length > 0;

    private static int IdOf(string type, string code)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{type}.{code}"), hash);
        return BinaryPrimitives.ReadInt32LittleEndian(hash) & int.MaxValue;
    }

    private string Hash()
    {
        var text = new StringBuilder(IndexExtractor.Generation).Append('\n');
        foreach (var fact in facts.OrderBy(f => f.Url, StringComparer.Ordinal))
            text.Append(fact.Url).Append('|').Append(fact.Code).Append('|').Append(fact.Type).Append('|').AppendJoin(',', fact.Bases).Append('|').Append(fact.Expression).Append('\n');
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private sealed record OfType(Dictionary<string, SearchParameter> ByCode, IReadOnlyList<SearchParameter> Usable, SearchParameter? Narrative, SearchParameter? Content);
}
