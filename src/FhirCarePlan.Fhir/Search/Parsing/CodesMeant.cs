using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Definitions.Codes;
using FhirCarePlan.Fhir.Definitions.Packages;

namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>The codes that `:in`, `:not-in`, `:above` and `:below` mean, over the value sets and code systems at hand. What they do not
/// decide is refused. https://hl7.org/fhir/R4/search.html#token</summary>
internal sealed class CodesMeant(DefinitionSet definitions)
{
    /// <summary>More codes than this make a question that costs too much.</summary>
    public const int Most = 1000;

    /// <summary>Null, with the reason, when it cannot be decided.</summary>
    public IReadOnlyList<(string System, string Code)>? Of(SearchParameter parameter, Modifier modifier, string value, out string? problem)
    {
        var codes = modifier is Modifier.In or Modifier.NotIn ? InSet(Escapes.Remove(value), out problem) : Related(parameter, value, modifier == Modifier.Below, out problem);
        if (codes is not { Count: > Most }) return codes;
        problem = $"it means {codes.Count} codes; a search takes {Most}";
        return null;
    }

    private List<(string, string)>? InSet(string canonical, out string? problem)
    {
        var plain = DefinitionSet.Plain(canonical);
        var expansion = Expansion.Of(plain, definitions);
        problem = expansion is null ? "this server does not hold the value set; name one that it holds by its canonical address"
            : plain.Length < canonical.Length && VersionOf(plain) != canonical[(plain.Length + 1)..] ? "this server holds another version of the value set"
            : expansion.Problem is { } fault ? $"the value set cannot be listed. {fault}" : null;
        return problem is null ? [.. expansion!.Codes.Select(c => (c.System, c.Code))] : null;
    }

    private string? VersionOf(string canonical) =>
        definitions.Resource("ValueSet", canonical) is { IsMissing: false } resource ? resource.TextOf("version") : R4.ValueSet(canonical) is null ? null : "4.0.1";

    /// <summary>The code itself, and those above or below it.</summary>
    private List<(string, string)>? Related(SearchParameter parameter, string value, bool below, out string? problem)
    {
        if (Escapes.Split(value, '|').ConvertAll(Escapes.Remove) is not [{ Length: > 0 } system, { Length: > 0 } code])
        {
            problem = "it must be system|code";
            return null;
        }
        var table = definitions.Concepts(system);
        problem = table is not { IsComplete: true } ? $"the codes of this system, which `{parameter.Code}` would be compared with, are not all known here"
            : table.Find(code) is null ? "this is not a code of the system" : null;
        if (problem is not null) return null;
        return [.. table!.Concepts.Where(c => table.Find(code) == c || (below ? table.IsBelow(c.Code, code) : table.IsBelow(code, c.Code))).Select(c => (system, c.Code))];
    }
}
