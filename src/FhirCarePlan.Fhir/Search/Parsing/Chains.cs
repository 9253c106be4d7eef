using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>`patient.identifier=…`, `subject:Patient.name:exact=…`, `encounter.patient.name=…`. https://hl7.org/fhir/R4/search.html#chaining</summary>
/// <param name="parse">Reads a search of one type.</param>
internal sealed class Chains(SearchParameters parameters, Func<string, string, Report, int, SearchQuery?> parse)
{
    private const int Deepest = 3;

    /// <summary>Null, with a fault in the report, when it cannot be asked.</summary>
    /// <param name="depth">How many references have been followed already.</param>
    public Chain? Read(string type, string name, string value, Report report, int depth)
    {
        var dot = name.IndexOf('.');
        var (head, rest) = (name[..dot], name[(dot + 1)..]);
        var colon = head.IndexOf(':');
        var (code, named) = colon < 0 ? (head, null) : (head[..colon], head[(colon + 1)..]);
        if (depth >= Deepest) return Refuse($"a chain follows at most {Deepest} references");
        if (parameters.Find(type, code) is not { Type: SearchType.Reference } by || !SearchParameters.IsUsable(by))
            return Refuse($"`{Faults.Word(code)}` is not a reference of {type}; use one of {string.Join(", ", parameters.For(type).Where(p => p.Type == SearchType.Reference).Select(p => p.Code).DefaultIfEmpty("none"))}");
        var isAny = by.Targets.Count == 0 || by.Targets.Contains("Resource");
        if (named != null && !isAny && !by.Targets.Contains(named)) return Refuse($"`{Faults.Word(code)}` of {type} does not lead to this type; use one of {string.Join(", ", by.Targets)}");
        if (named == null && isAny) return Refuse($"say the type that `{Faults.Word(code)}` leads to, as in `{Faults.Word(code)}:Patient.identifier`");
        var targets = new List<SearchQuery>();
        var reports = new List<Report>();
        foreach (var target in named != null ? [named] : by.Targets)
        {
            var own = new Report();
            if (Has(target, rest) && parse(target, $"{Uri.EscapeDataString(rest)}={Uri.EscapeDataString(value)}", own, depth + 1) is { } query) targets.Add(query);
            reports.Add(own);
        }
        if (targets.Count > 0) return new Chain(by, targets);
        if (reports.Find(r => r.HasErrors) is not { } faulty) return Refuse($"nothing that `{Faults.Word(code)}` leads to has the search parameter `{Faults.Word(rest)}`");
        foreach (var issue in faulty.Issues) report.Add(issue);
        return null;

        Chain? Refuse(string text)
        {
            report.Add(Faults.Invalid($"`{Faults.Word(name)}`: {text}"));
            return null;
        }
    }

    private bool Has(string type, string rest) => rest[..(rest.IndexOfAny([':', '.']) is >= 0 and var end ? end : rest.Length)] is var code
        && (code is "_id" or "_lastUpdated" || parameters.Find(type, code) is { } parameter && SearchParameters.IsUsable(parameter));
}
