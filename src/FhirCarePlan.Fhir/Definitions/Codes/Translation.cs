using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Codes;

/// <summary>A code that a concept map gives for another.</summary>
/// <param name="Map">Canonical of the map.</param>
/// <param name="System">Of the translation; null when the map does not say.</param>
/// <param name="Code">Null for "there is none" (`unmatched`).</param>
public sealed record Translation(string Equivalence, string? System, string? Code, string? Display, string Map)
{
    /// <summary>False for `unmatched` and `disjoint`: with them a map states that it has no translation. https://hl7.org/fhir/R4/valueset-concept-map-equivalence.html</summary>
    public bool IsMatch => Equivalence is not ("unmatched" or "disjoint");

    /// <summary>What the maps say of a code, in their order.</summary>
    /// <param name="isReverse">From the map's targets to its sources.</param>
    /// <param name="valueSet">A value set by its canonical. A group that names no code system takes codes of the map's value set; null: any code.</param>
    public static IEnumerable<Translation> Of(Node map, string? system, string code, string? targetSystem, bool isReverse, Func<string, ICodes?>? valueSet = null)
    {
        var url = map.TextOf("url") ?? "";
        ICodes? Codes(string end) => valueSet is not null && map[end].Text is { } canonical ? valueSet(canonical) : null;
        var (from, to) = isReverse ? ("target", "source") : ("source", "target");
        foreach (var group in map.All("group"))
        {
            string? source = group.TextOf("source"), target = group.TextOf("target");
            if (isReverse) (source, target) = (target, source);
            if (system != null && (source != null ? DefinitionSet.Plain(source) != system : valueSet is not null && Codes(from)?.Contains(system, code) != true)) continue;
            target ??= Codes(to)?.OnlySystem;
            if (targetSystem != null && (target == null || DefinitionSet.Plain(target) != targetSystem)) continue;
            var isMapped = false;
            foreach (var element in group.All("element"))
            {
                if (isReverse)
                {
                    foreach (var back in element.All("target"))
                        if (back.TextOf("code") == code)
                            yield return new(Reversed(back.TextOf("equivalence")), target, element.TextOf("code"), element.TextOf("display"), url);
                    continue;
                }
                if (element.TextOf("code") != code) continue;
                isMapped = true;
                foreach (var forward in element.All("target"))
                    yield return new(forward.TextOf("equivalence") ?? "equivalent", target, forward.TextOf("code"), forward.TextOf("display"), url);
            }
            if (isMapped || isReverse || group["unmapped"] is not { IsMissing: false } otherwise) continue;
            switch (otherwise.TextOf("mode"))
            {
                case "provided": yield return new("equivalent", target, code, null, url); break;
                case "fixed": yield return new("inexact", target, otherwise.TextOf("code"), otherwise.TextOf("display"), url); break;
            }
        }
    }

    /// <summary>Read backwards, `wider` is `narrower`.</summary>
    private static string Reversed(string? equivalence) => equivalence switch
    {
        null => "equivalent",
        "wider" => "narrower",
        "narrower" => "wider",
        "subsumes" => "specializes",
        "specializes" => "subsumes",
        var same => same,
    };
}
