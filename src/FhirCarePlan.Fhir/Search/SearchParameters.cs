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

    /// <summary>Null when the type has no parameter of this code. It also finds composite and special ones, which searches do not support
    /// yet.</summary>
    public SearchParameter? Find(string type, string code) => types.GetOrAdd(type, Load).ByCode.GetValueOrDefault(code);

    /// <summary>The parameters that a search of the type may name, in alphabetical order, `_id` and `_lastUpdated` included.</summary>
    public IReadOnlyList<SearchParameter> For(string type) => types.GetOrAdd(type, Load).Usable;

    /// <summary>The modifiers that the parser takes of it.</summary>
    public static IReadOnlyList<string> ModifiersOf(SearchParameter parameter) => [.. Parsing.Criteria.Modifiers(parameter)];

    /// <summary>Changes when any definition does, so that stored index rows can be told from those of another release.</summary>
    public string Fingerprint => fingerprint ??= Hash();
    private string? fingerprint;

    private static string? FaultOf(SearchParameterFact fact)
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
                if (!ids.Add(parameter.Id) || parameter.OfType is { } ofType && !ids.Add(ofType.Id)) throw new InvalidOperationException($"Two search parameters of {type} hash alike; {fact.Url} needs another code.");
            }
        var usable = byCode.Values.Where(IsUsable).OrderBy(p => p.Code, StringComparer.Ordinal).ToArray();
        return new OfType(byCode, usable);
    }

    private static SearchParameter From(SearchParameterFact fact, string type)
    {
        var expression = ParameterExpression.For(type, fact.Expression);
        var parameter = new SearchParameter
        {
            Id = IdOf(type, fact.Code), ResourceType = type, Code = fact.Code, Url = fact.Url, Targets = fact.Targets,
            Type = Enum.TryParse<SearchType>(fact.Type, ignoreCase: true, out var kind) ? kind : SearchType.Special,
            Expression = expression, IsCondition = fact.Type == "token" && IndexCondition.IsCondition(expression),
            IsOfSome = fact.Type == "token" && IndexCondition.IsCondition(expression) && ConditionDomain.Of(type, expression) != null,
        };
        return Elements.Has(parameter, "Identifier") ? WithOfType(parameter) : parameter;
    }

    private static SearchParameter WithOfType(SearchParameter parameter) => new()
    {
        Id = parameter.Id, ResourceType = parameter.ResourceType, Code = parameter.Code, Url = parameter.Url, Targets = parameter.Targets, Type = parameter.Type,
        Expression = parameter.Expression,
        OfType = new() { Id = IdOf(parameter.ResourceType, parameter.Code + ":of-type"), ResourceType = parameter.ResourceType, Code = parameter.Code + ":of-type", Url = "", Type = SearchType.Token, Expression = "" },
    };

    internal static bool IsUsable(SearchParameter parameter) =>
        parameter.Type is not (SearchType.Composite or SearchType.Special) && parameter.Expression.Length > 0;

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

    private sealed record OfType(Dictionary<string, SearchParameter> ByCode, IReadOnlyList<SearchParameter> Usable);
}
