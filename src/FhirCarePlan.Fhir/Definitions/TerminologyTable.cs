using System.Collections.Concurrent;
using FhirCarePlan.Fhir.Definitions.Packages;

namespace FhirCarePlan.Fhir.Definitions;

/// <summary>R4's value sets and code systems, read when first asked for; value sets share the code systems' sets.</summary>
internal static class TerminologyTable
{
    private static readonly ConcurrentDictionary<string, CodeSet> Sets = new();
    private static readonly ConcurrentDictionary<string, CodeSet> Systems = new();

    public static CodeSet? ValueSet(string canonical)
    {
        var url = DefinitionSet.Plain(canonical);
        if (Sets.TryGetValue(url, out var set)) return set;
        return FactsFile.Lines(FactKind.ValueSets).TryGetValue(url, out var line)
            ? Sets.GetOrAdd(url, CodeSet.Read(url, line, Whole))
            : null;
    }

    public static CodeSet? CodeSystem(string url)
    {
        if (Systems.TryGetValue(url, out var codes)) return codes;
        return FactsFile.Lines(FactKind.CodeSystems).TryGetValue(url, out var line)
            ? Systems.GetOrAdd(url, CodeSet.Read(url, line, Whole))
            : null;
    }

    private static CodeList Whole(string system) => CodeSystem(system)!.Selectable;
}
