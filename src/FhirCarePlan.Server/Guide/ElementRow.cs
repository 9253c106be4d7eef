using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Definitions.Profiles;

namespace FhirCarePlan.Server.Guide;

/// <summary>A line of the element table: the profile's own statements on an element, and the result.</summary>
/// <param name="Said">From the differential.</param>
/// <param name="Holds">From the snapshot: cardinality, types and must-support with everything inherited.</param>
/// <param name="Value">For an extension's child: its `value[x]`, told in the same line; null elsewhere.</param>
internal sealed record ElementRow(ElementDefinition Said, ElementDefinition Holds, ElementDefinition? Value)
{
    /// <summary>Below the type: `activity.detail.performer`, `category:cpa`.</summary>
    public string Name => Said.Id is { } id && id.IndexOf('.') is >= 0 and var dot ? id[(dot + 1)..] : Said.Path;
    /// <summary>Where types, binding and fixed values are said.</summary>
    public ElementDefinition Content => Value ?? Holds;
    public string Cardinality => $"{Holds.Min ?? 0}..{(Holds.Max is null or int.MaxValue ? "*" : $"{Holds.Max}")}";

    /// <summary>The elements that the profile says something about, in its order, without the root. The parts that every extension has (its
    /// url, no children beside a value) are left out.</summary>
    public static IReadOnlyList<ElementRow> Of(StructureDefinition profile, DefinitionSet definitions)
    {
        var holds = definitions.Snapshot(profile.Url)?.Elements().ToDictionary(e => e.Id!, StringComparer.Ordinal) ?? [];
        var said = profile.Differential.Where(e => e.Id is not null).ToDictionary(e => e.Id!, StringComparer.Ordinal);
        var rows = new List<ElementRow>();
        foreach (var element in profile.Differential)
        {
            if (element is not { Id: { } id } || !id.Contains('.', StringComparison.Ordinal) || IsMachinery(element, profile)) continue;
            var value = element is { Name: "extension", SliceName: not null } && said.ContainsKey($"{id}.value[x]")
                ? $"{id}.value[x]" : null;
            rows.Add(new(element, holds.GetValueOrDefault(id, element), value is null ? null
                : holds.GetValueOrDefault(value, said[value])));
        }
        return rows;
    }

    private static bool IsMachinery(ElementDefinition element, StructureDefinition profile) => element.Name switch
    {
        "extension" => element.SliceName is null && (element.Slicing is not null || element.Max == 0),
        "url" => element.Path.EndsWith("xtension.url", StringComparison.Ordinal),
        "value[x]" => element.Max == 0 || (profile.IsExtension && element.Path != "Extension.value[x]"),
        _ => false,
    };
}
