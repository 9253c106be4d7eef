using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Codes;

/// <param name="Display">Null when nobody here knows it.</param>
/// <param name="Concept">Null for a code whose system is not at hand.</param>
public sealed record ExpandedCode(string System, string Code, string? Display, Concept? Concept);

/// <summary>Lists the codes of a value set, as far as the code systems at hand allow: all of them, or the reason why not.
/// https://hl7.org/fhir/R4/valueset.html#expansion</summary>
public sealed class Expansion
{
    private const int Deepest = 30;

    private readonly DefinitionSet definitions;
    private readonly List<ExpandedCode> codes = [];
    private readonly HashSet<(string, string)> seen = [];

    private Expansion(DefinitionSet definitions) => this.definitions = definitions;

    /// <summary>In definition order; abstract codes only where a value set names them.</summary>
    public IReadOnlyList<ExpandedCode> Codes => codes;
    /// <summary>Why the list cannot be made; null when it is whole.</summary>
    public string? Problem { get; private set; }

    /// <summary>Null when the canonical is not known.</summary>
    public static Expansion? Of(string canonical, DefinitionSet definitions)
    {
        var expansion = new Expansion(definitions);
        return expansion.TryAdd(canonical, 0) ? expansion : null;
    }

    /// <summary>Of a ValueSet that was sent.</summary>
    public static Expansion Of(Node valueSet, DefinitionSet definitions)
    {
        var expansion = new Expansion(definitions);
        expansion.Add(valueSet, ValueSetCodes.Read(valueSet, definitions), 0);
        return expansion;
    }

    private bool TryAdd(string canonical, int depth)
    {
        if (definitions.ValueSet(canonical) is not { } members) return false;
        if (depth > Deepest) Problem ??= $"The value set `{canonical}` includes itself";
        else if (definitions.Resource("ValueSet", DefinitionSet.Plain(canonical)) is { IsMissing: false } root) Add(root, members, depth);
        else if (FactsFile.Lines(FactKind.ValueSets).TryGetValue(DefinitionSet.Plain(canonical), out var line)) AddFacts(line);
        return true;
    }

    private void Add(Node valueSet, ICodes members, int depth)
    {
        if (valueSet["compose"].IsMissing)
        {
            if (valueSet["expansion"].IsMissing) Problem ??= "The value set has no content";
            foreach (var contains in valueSet["expansion"].All("contains")) AddListed(contains);
            return;
        }
        foreach (var include in valueSet["compose"].All("include"))
            foreach (var candidate in Candidates(include, depth))
                switch (members.Contains(candidate.System, candidate.Code))
                {
                    case true: Add(candidate); break;
                    case null: Problem ??= $"Whether `{candidate.System}|{candidate.Code}` is in the value set cannot be decided here"; return;
                }
    }

    /// <summary>What one include may contain at most; exclusions and further conditions are for the membership to decide.</summary>
    private IEnumerable<ExpandedCode> Candidates(Node include, int depth)
    {
        if (include.TextOf("system") is not { } system)
        {
            var part = new Expansion(definitions);
            if (include["valueSet"].Text is { } canonical && !part.TryAdd(canonical, depth + 1))
                Problem ??= $"The value set `{canonical}`, which it includes, is not known here";
            Problem ??= part.Problem;
            return part.codes;
        }
        var table = definitions.Concepts(system);
        if (!include["concept"].IsMissing)
            return include.All("concept").ToList().Select(c => Listed(system, c.TextOf("code") ?? "", c.TextOf("display"), table));
        if (table is { IsComplete: true }) return table.Concepts.Where(c => !c.IsAbstract).Select(c => Known(system, c));
        Problem ??= $"It includes codes of `{system}`, which are not all known here";
        return [];
    }

    private void AddListed(Node contains)
    {
        if (contains.TextOf("abstract") != "true" && contains.TextOf("code") is { } code && contains.TextOf("system") is { } system)
            Add(Listed(system, code, contains.TextOf("display"), definitions.Concepts(system)));
        foreach (var child in contains.All("contains")) AddListed(child);
    }

    /// <summary>`{"set":…,"all":[system…],"some":{system:[code…]},"open":[system…]}`</summary>
    private void AddFacts(FactLine line)
    {
        using var facts = JsonDocument.Parse(line.Memory(0, line.Text.Length));
        if (facts.RootElement.TryGetProperty("open", out var open))
            Problem ??= $"It includes codes of {string.Join(", ", open.EnumerateArray().Select(s => s.ValueEquals("*") ? "any system" : $"`{s}`"))}, which are not all known here";
        if (facts.RootElement.TryGetProperty("all", out var all))
            foreach (var system in all.EnumerateArray().Select(s => s.GetString()!))
                foreach (var concept in definitions.Concepts(system)?.Concepts ?? [])
                    if (!concept.IsAbstract) Add(Known(system, concept));
        if (!facts.RootElement.TryGetProperty("some", out var some)) return;
        foreach (var system in some.EnumerateObject())
            foreach (var code in system.Value.EnumerateArray())
                Add(Listed(system.Name, code.GetString()!, null, definitions.Concepts(system.Name)));
    }

    private void Add(ExpandedCode code)
    {
        if (seen.Add((code.System, code.Code))) codes.Add(code);
    }

    private static ExpandedCode Known(string system, Concept concept) => new(system, concept.Code, Said(concept.Display), concept);

    private static ExpandedCode Listed(string system, string code, string? display, ConceptTable? table)
    {
        var concept = table?.Find(code);
        return new(system, code, Said(display) ?? Said(concept?.Display), concept);
    }

    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
