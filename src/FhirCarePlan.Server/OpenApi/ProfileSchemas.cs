using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Server.Guide;
using Microsoft.OpenApi;

namespace FhirCarePlan.Server.OpenApi;

/// <summary>Each CPA profile of a type as a schema of its own: the type's, with the elements that the profile makes required. Slices, fixed
/// values and elements further down are said in words, because OpenAPI has no other way.</summary>
internal sealed class ProfileSchemas(OpenApiDocument document, TypeSchemas types, GuidePackage guide)
{
    /// <returns>The names of the schemas of the profiles on this type, by which the guide knows them too, without hyphens.</returns>
    public IReadOnlyList<string> Of(string type)
    {
        var names = new List<string>();
        foreach (var entry in guide.Of(GuideKind.Profile).Where(p => p.Constrains == type))
        {
            if (guide.Definitions.Snapshot(entry.Url) is not { } snapshot) continue;
            var name = entry.Name.Replace("-", "", StringComparison.Ordinal);
            document.Components!.Schemas!.TryAdd(name, new OpenApiSchema
            {
                Description = Description(entry, snapshot.Root),
                AllOf = [types.Of(R4.Type(type)!), new OpenApiSchema { Type = JsonSchemaType.Object, Required = Required(snapshot.Root) }],
            });
            names.Add(name);
        }
        return names;
    }

    private static HashSet<string>? Required(SnapshotElement root)
    {
        var required = root.Children.Where(c => (c.Definition.Min > 0 || c.Slices.Any(s => s.Definition.Min > 0)) && c.Info is { IsChoice: false }).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        return required.Count > 0 ? required : null;
    }

    private static string Description(GuideEntry entry, SnapshotElement root)
    {
        var lines = new List<string> { $"{entry.Title}: {entry.Description} [{entry.Name}]({entry.Address})" };
        var must = Walk(root, "").Where(e => e.Element.Definition.Min > 0 && e.Element.Info is { } info && e.Element.Definition.Min > info.Min).Select(e => $"`{e.Path}`").Distinct().ToList();
        if (must.Count > 0) lines.Add($"Required, wherever the element above is there: {string.Join(", ", must)}.");
        var slices = Walk(root, "").Where(e => e.Element.SliceName != null).Select(e => $"`{e.Path}` {Times(e.Element)}").Distinct().ToList();
        if (slices.Count > 0) lines.Add($"Named parts: {string.Join(", ", slices)}.");
        return string.Join("\n\n", lines);
    }

    private static string Times(SnapshotElement element) =>
        $"{element.Definition.Min ?? 0}..{(element.Definition.Max is null or int.MaxValue ? "*" : element.Definition.Max.ToString())}";

    /// <summary>`activity.detail:need`, without the type's own name.</summary>
    private static IEnumerable<(string Path, SnapshotElement Element)> Walk(SnapshotElement element, string path)
    {
        foreach (var child in element.Children)
        {
            var here = path.Length == 0 ? child.Name : $"{path}.{child.Name}";
            yield return (here, child);
            foreach (var below in Walk(child, here)) yield return below;
            foreach (var slice in child.Slices)
            {
                yield return ($"{here}:{slice.SliceName}", slice);
                foreach (var below in Walk(slice, $"{here}:{slice.SliceName}")) yield return below;
            }
        }
    }
}
