using System.Text.Json;

namespace FhirCarePlan.Fhir.Definitions.Facts;

/// <summary>Decides R4's value sets from R4's own code systems, as far as those decide them exactly.
/// https://hl7.org/fhir/R4/valueset.html#compositions</summary>
internal sealed class Terminology(List<JsonElement> codeSystems, List<JsonElement> valueSets)
{
    private readonly Dictionary<string, JsonElement> definitions = valueSets.ToDictionary(v => v.Text("url")!);
    private readonly Dictionary<string, CodeLists> decided = [];

    public IReadOnlyDictionary<string, CodeSystemFacts> CodeSystems { get; } = codeSystems
        .Where(c => c.Text("content") is "complete" or "fragment" or "example").Select(c => new CodeSystemFacts(c))
            .ToDictionary(c => c.Url);

    public IEnumerable<string> ValueSets => definitions.Keys.Order(StringComparer.Ordinal);

    public CodeLists Decide(string canonical)
    {
        var url = canonical.Split('|')[0];
        if (decided.TryGetValue(url, out var known)) return known;
        // Stands for a set not defined in R4, and for one that includes itself.
        var result = decided[url] = new CodeLists { Open = { CodeLists.AnySystem } };
        if (!definitions.TryGetValue(url, out var definition) || !definition.TryGetProperty("compose", out var compose)) return result;
        result = new CodeLists();
        foreach (var include in compose.Items("include")) result.Add(Part(include));
        foreach (var exclude in compose.Items("exclude")) result = result.Without(Part(exclude));
        return decided[url] = result;
    }

    /// <summary>All conditions of one include or exclude hold together.</summary>
    private CodeLists Part(JsonElement part)
    {
        var result = part.Text("system") is { } system ? OfSystem(system, part) : null;
        foreach (var canonical in part.Texts("valueSet"))
            result = result == null ? Decide(canonical) : CodeLists.Both(result, Decide(canonical));
        return result!;
    }

    private CodeLists OfSystem(string system, JsonElement part)
    {
        var lists = new CodeLists();
        if (part.TryGetProperty("concept", out _))
        {
            foreach (var concept in part.Items("concept")) lists.Add(system, concept.Text("code")!);
            return lists;
        }
        if (!CodeSystems.TryGetValue(system, out var codeSystem) || !codeSystem.IsComplete) lists.Open.Add(system);
        if (codeSystem == null) return lists;
        IEnumerable<string> codes = codeSystem.Codes;
        foreach (var filter in part.Items("filter"))
        {
            var value = filter.Text("value")!;
            var below = codeSystem.Descendants(value).ToHashSet();
            var kept = (filter.Text("property"), filter.Text("op")) switch
            {
                ("concept", "is-a") => codes.Where(c => c == value || below.Contains(c)),
                ("concept", "descendent-of") => codes.Where(below.Contains),
                ("concept", "is-not-a") => codes.Where(c => c != value && !below.Contains(c)),
                _ => null,
            };
            if (kept == null) lists.Open.Add(system);
            codes = kept?.ToList() ?? [];
        }
        foreach (var code in codes) lists.Add(system, code);
        return lists;
    }
}
