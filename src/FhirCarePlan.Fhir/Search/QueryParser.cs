using System.Text;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search.Parsing;

namespace FhirCarePlan.Fhir.Search;

/// <summary>Reads a caller's search and checks it against the definitions. It refuses what it does not know: a filter that is ignored
/// widens the answer. https://hl7.org/fhir/R4/search.html</summary>
/// <param name="zone">The zone of dates without an offset.</param>
/// <param name="definitions">The value sets and code systems that `:in` and `:below` may mean; null: R4's.</param>
/// <param name="own">This server's own addresses when a query is read: references below them are local.</param>
public sealed class QueryParser(SearchParameters parameters, TimeZoneInfo zone, TimeProvider clock, Func<BaseAddresses>? own = null,
    DefinitionSet? definitions = null)
{
    /// <summary>Beyond this a query costs more than any honest question needs.</summary>
    private const int MaxPairs = 100, MaxValues = 1000, MaxMeant = 3000;

    private readonly Criteria criteria = new(zone, clock, own ?? (() => BaseAddresses.None), new CodesMeant(definitions ?? DefinitionSet.Base));
    private readonly ResultParameters results = new(parameters);
    private readonly Words words = new(parameters);
    private Chains Chains => new(parameters, (type, query, report, depth) => Parse(type, query, report, isLenient: false, depth));

    /// <summary>The pairs of a query, decoded, in order.</summary>
    public static IReadOnlyList<(string Name, string Value)> Pairs(string query) => QueryString.Read(query);

    /// <summary>The pairs as a query again.</summary>
    public static string Text(IEnumerable<(string Name, string Value)> pairs)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in pairs) QueryString.Append(text, name, value);
        return text.ToString();
    }

    /// <summary>A parameter that shapes the answer and chooses no resources: `_sort`, `_count`, `_elements`, `_include` and their like.</summary>
    public static bool ShapesAnswer(string name) => ResultParameters.Knows(name);

    /// <summary>The span that a date or a time covers; null when it is neither.</summary>
    public DateRange? Date(string text) => DateRange.TryParse(Encoding.UTF8.GetBytes(text.Replace(' ', '+')), zone, out var span) ? span : null;

    /// <summary>Null when something is wrong; the report then says what, and what it must be (400).</summary>
    /// <param name="query">The URL's query as sent; the form body of `_search` joined to it by `&amp;`.</param>
    /// <param name="isLenient">`Prefer: handling=lenient`: unknown parameters are left out, with a warning in the report.</param>
    /// <param name="withChains">The caller turns chains into criteria; otherwise they are refused, since a filter that is ignored widens.</param>
    public SearchQuery? Parse(string type, string query, Report report, bool isLenient = false, bool withChains = false) =>
        Parse(type, query, report, isLenient, withChains ? 0 : null);

    /// <param name="depth">How many references a chain has followed to this type; null where chains are refused.</param>
    private SearchQuery? Parse(string type, string query, Report report, bool isLenient, int? depth)
    {
        var pairs = QueryString.Read(query);
        if (pairs.Count > MaxPairs || pairs.Sum(pair => pair.Value.AsSpan().Count(',')) > MaxValues) return TooCostly(report);
        var search = new SearchQuery(type);
        var asked = new List<Criterion>();
        var self = new StringBuilder();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, given) in pairs)
        {
            var value = given;
            if (value.Contains('\0') || value.Length == 0) report.Add(Faults.Invalid($"`{Faults.Word(name)}` has no value"));
            else if (ResultParameters.Knows(name))
            {
                if (!seen.Add(name) && !ResultParameters.MayRepeat(name)) report.Add(Faults.Invalid($"`{name}` may be given once"));
                search = results.Read(search, name, ref value, report);
            }
            else if (depth is { } followed && Chains.IsOne(name))
            {
                if (Chains.Read(type, name, value, report, followed) is { } chain) search = search with { Chains = [.. search.Chains, chain] };
            }
            else if (depth is { } before && name == "_filter")
            {
                if (new FilterReader((path, one, into) => Parse(type, $"{Uri.EscapeDataString(path)}={Uri.EscapeDataString(one)}", into, isLenient: false, before)).Read(value, report) is { } filter)
                    search = search with { Filters = [.. search.Filters, filter] };
            }
            else if (depth is not null && name is ("_text" or "_content"))
            {
                if (words.Read(type, name, value, report) is { } filter) search = search with { Filters = [.. search.Filters, filter] };
            }
            else if (depth is not null && name == "_list")
            {
                if (ListOf(type, value, report) is { } members) search = search with { Chains = [.. search.Chains, members] };
            }
            else if (!TryFilter(ref search, asked, name, value, report, isLenient)) continue;
            if (name != "_page") QueryString.Append(self, name, value);
        }
        if (report.HasErrors) return null;
        search = search with { Criteria = asked, SelfQuery = self.ToString() };
        return Values(search) > MaxMeant ? TooCostly(report) : search;
    }

    /// <summary>Values that a search is compared with, of value sets, chains and filters too.</summary>
    private static int Values(SearchQuery query) => query.Criteria.Sum(c => c.AnyOf.Count) + query.Ids.Sum(ids => ids.Count) + query.LastUpdated.Sum(times => times.Count)
        + query.Chains.Sum(chain => chain.Targets.Sum(Values)) + query.Filters.Sum(filter => filter.Queries.Sum(Values));

    private static SearchQuery? TooCostly(Report report)
    {
        report.Add(new Issue(IssueSeverity.Error, IssueType.TooCostly, "",
            $"A query may have at most {MaxPairs} parameters and {MaxValues} values, and value sets may mean {MaxMeant} codes in all")
        { IsMalformed = true });
        return null;
    }

    /// <summary>`_list=42`: what the list has, as far as the caller sees it: a `_has`. https://hl7.org/fhir/R4/search.html#list</summary>
    private Chain? ListOf(string type, string value, Report report)
    {
        var ids = Escapes.Split(value, ',').ConvertAll(Escapes.Remove);
        if (!ids.TrueForAll(id => Reference.IsId(id))) report.Add(Faults.NotSupported("`_list` takes the id of a List; lists that go by a name, such as `$current-problems`, are not kept here"));
        else if (parameters.Find("List", "item") is { } item) return new Chain(item, true, [new SearchQuery("List") { Ids = [ids] }]);
        else report.Add(Faults.NotSupported($"`_list` does not apply to {type}"));
        return null;
    }

    /// <summary>False when the parameter was left out as unknown.</summary>
    private bool TryFilter(ref SearchQuery search, List<Criterion> asked, string name, string value, Report report, bool isLenient)
    {
        var colon = name.IndexOf(':');
        var (code, modifier) = colon < 0 ? (name, null) : (name[..colon], name[(colon + 1)..]);
        switch (code)
        {
            case "_id" when modifier is null:
                search = search with { Ids = [.. search.Ids, Escapes.Split(value, ',').ConvertAll(Escapes.Remove)] };
                return true;
            case "_lastUpdated" when modifier is null:
                var dates = Escapes.Split(value, ',').ConvertAll(piece => DateValue.Read(piece, zone, clock));
                if (dates.Contains(null))
                    report.Add(Faults.Invalid($"A value of `_lastUpdated` cannot be read; it must be {DateValue.Allowed}"));
                else search = search with { LastUpdated = [.. search.LastUpdated, dates!] };
                return true;
            case "_include" or "_revinclude":
                report.Add(Faults.NotSupported($"`{Faults.Word(name)}`: the only modifier of `{code}` is :iterate"));
                return true;
            case "near":
                report.Add(Faults.NotSupported("`near` is not supported: this server does not reckon with places on the globe"));
                return true;
            case "_filter" or "_list" or "_text" or "_content":
                report.Add(Faults.NotSupported($"`{Faults.Word(name)}` cannot be asked here{(modifier is null ? "" : "; it takes no modifier")}"));
                return true;
            case "_id" or "_lastUpdated" or "_count" or "_sort":
                report.Add(Faults.NotSupported($"`{Faults.Word(name)}`: `{code}` takes no modifier"));
                return true;
        }
        if (parameters.Find(search.Type, code) is { } parameter && SearchParameters.IsUsable(parameter) && !name.Contains('.'))
        {
            criteria.Read(parameter, modifier, value, asked, report);
            return true;
        }
        var allowed =
            $"use one of {string.Join(", ", parameters.For(search.Type).Select(p => p.Code))}, {string.Join(", ", ResultParameters.Names)}";
        if (isLenient) report.Add(Faults.Ignored($"`{Faults.Word(name)}` was ignored: it is not a search parameter of {search.Type}"));
        else if (Chains.IsOne(name))
            report.Add(Faults.NotSupported($"`{Faults.Word(name)}`: searching through references is not supported yet; {allowed}"));
        else if (parameters.Find(search.Type, code) != null)
            report.Add(Faults.NotSupported($"`{Faults.Word(code)}` is not supported yet; {allowed}"));
        else report.Add(Faults.Invalid($"`{Faults.Word(code)}` is not a search parameter of {search.Type}; {allowed}"));
        return !isLenient;
    }
}
