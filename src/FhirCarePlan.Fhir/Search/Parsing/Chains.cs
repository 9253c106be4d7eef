using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>`patient.identifier=…`, `subject:Patient.name:exact=…`, `encounter.patient.name=…`, `_has:CarePlan:patient:status=…`, and each
/// behind the other. https://hl7.org/fhir/R4/search.html#chaining, https://hl7.org/fhir/R4/search.html#has</summary>
/// <param name="parse">Reads a search of one type.</param>
internal sealed class Chains(SearchParameters parameters, Func<string, string, Report, int, SearchQuery?> parse)
{
    private const int Deepest = 3;
    private const string Has = "_has:";

    public static bool IsOne(string name) => IsReverse(name) || name.IndexOf('.') is > 0 and var dot && dot < name.Length - 1;

    private static bool IsReverse(string name) => name == "_has" || name.StartsWith(Has, StringComparison.Ordinal);

    /// <summary>Null, with a fault in the report, when it cannot be asked.</summary>
    /// <param name="depth">How many references have been followed already.</param>
    public Chain? Read(string type, string name, string value, Report report, int depth)
    {
        if (depth >= Deepest) return Refuse(name, $"a chain follows at most {Deepest} references", report);
        return IsReverse(name) ? Reverse(type, name, value, report, depth) : Forward(type, name, value, report, depth);
    }

    private Chain? Forward(string type, string name, string value, Report report, int depth)
    {
        var dot = name.IndexOf('.');
        var (head, rest) = (name[..dot], name[(dot + 1)..]);
        var colon = head.IndexOf(':');
        var (code, named) = colon < 0 ? (head, null) : (head[..colon], head[(colon + 1)..]);
        if (parameters.Find(type, code) is not { Type: SearchType.Reference } by || !SearchParameters.IsUsable(by))
            return Refuse(name, $"`{Faults.Word(code)}` is not a reference of {type}; use one of {References(type, null)}", report);
        var isAny = by.Targets.Count == 0 || by.Targets.Contains("Resource");
        if (named != null && (isAny ? R4.Type(named) is null : !by.Targets.Contains(named)))
            return Refuse(name, $"`{Faults.Word(code)}` of {type} does not lead to this type; use one of {(isAny ? "R4's types" : string.Join(", ", by.Targets))}", report);
        if (named == null && isAny) return Refuse(name, $"say the type that `{Faults.Word(code)}` leads to, as in `{Faults.Word(code)}:Patient.identifier`", report);
        var targets = new List<SearchQuery>();
        var reports = new List<Report>();
        foreach (var target in named != null ? [named] : by.Targets)
        {
            var own = new Report();
            if (Knows(target, rest) && Parse(target, rest, value, own, depth) is { } query) targets.Add(query);
            reports.Add(own);
        }
        if (targets.Count > 0) return new Chain(by, false, targets);
        if (reports.Find(r => r.HasErrors) is not { } faulty)
            return Refuse(name, $"nothing that `{Faults.Word(code)}` leads to has the search parameter `{Faults.Word(rest)}`", report);
        foreach (var issue in faulty.Issues) report.Add(issue);
        return null;
    }

    private Chain? Reverse(string type, string name, string value, Report report, int depth)
    {
        if (name.Split(':', 4) is not [_, var source, var code, { Length: > 0 } rest])
            return Refuse(name, "it must be `_has:Type:reference:parameter`, as in `_has:CarePlan:patient:status`", report);
        if (R4.Type(source) is null) return Refuse(name, $"`{Faults.Word(source)}` is not a type of R4", report);
        if (parameters.Find(source, code) is not { Type: SearchType.Reference } by || !SearchParameters.IsUsable(by) || !MayPointAt(by, type))
            return Refuse(name, $"`{Faults.Word(code)}` is not a reference of {source} to {type}; use one of {References(source, type)}", report);
        return Parse(source, rest, value, report, depth) is { } query ? new Chain(by, true, [query]) : null;
    }

    private SearchQuery? Parse(string type, string rest, string value, Report report, int depth)
    {
        // A parameter that shapes the answer filters nothing.
        if (!ResultParameters.Knows(rest)) return parse(type, $"{Uri.EscapeDataString(rest)}={Uri.EscapeDataString(value)}", report, depth + 1);
        report.Add(Faults.Invalid($"`{Faults.Word(rest)}` is not a search parameter of {type}"));
        return null;
    }

    private bool Knows(string type, string rest)
    {
        if (IsReverse(rest)) return true;
        var code = rest[..(rest.IndexOfAny([':', '.']) is >= 0 and var end ? end : rest.Length)];
        return code switch
        {
            "_id" or "_lastUpdated" or "_filter" or "_list" => true,
            "_text" => parameters.Narrative(type) != null,
            "_content" => parameters.Content(type) != null,
            _ => parameters.Find(type, code) is { } parameter && SearchParameters.IsUsable(parameter),
        };
    }

    private string References(string of, string? to) => string.Join(", ", parameters.For(of)
        .Where(p => p.Type == SearchType.Reference && (to is null || MayPointAt(p, to))).Select(p => p.Code).DefaultIfEmpty("none"));

    private static bool MayPointAt(SearchParameter parameter, string type) =>
        parameter.Targets.Count == 0 || parameter.Targets.Contains(type) || parameter.Targets.Contains("Resource");

    private static Chain? Refuse(string name, string text, Report report)
    {
        report.Add(Faults.Invalid($"`{Faults.Word(name)}`: {text}"));
        return null;
    }
}
