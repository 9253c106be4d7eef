using FhirCarePlan.Fhir.Definitions.Packages;
using FhirCarePlan.Fhir.Definitions.Profiles;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Rules;

namespace FhirCarePlan.Fhir.Tests.Guide;

/// <summary>An element of a profile that a node of a sample belongs to.</summary>
/// <param name="Id">`CarePlan.category:cpa`, as in the snapshot of the profile.</param>
/// <param name="Deciders">The children that identify the node (`role`, `detail.code`): without one it is something else, and nothing is
/// required of it.</param>
internal sealed record Place(string Profile, string Id, SnapshotElement Element, IReadOnlyList<string> Deciders)
{
    public string Below(SnapshotElement child) =>
        $"{Id}.{child.Name}{(child.Info is { IsChoice: true } ? "[x]" : "")}{(child.SliceName is { } slice ? ":" + slice : "")}";

    public Place Child(SnapshotElement child) => this with
    {
        Id = Below(child),
        Element = child,
        Deciders = [.. Deciders.Where(d => d.StartsWith(child.Name + ".", StringComparison.Ordinal))
            .Select(d => d[(child.Name.Length + 1)..])],
    };

    public Place Slice(SnapshotElement child, SnapshotElement slice) => this with
    {
        Id = Below(slice),
        Element = slice,
        Deciders = [.. (child.Definition.Slicing ?? Slicing.ByUrl).Discriminators.Select(d => d.Path)],
    };
}

/// <summary>Lays a profile over a sample: to which of its elements and slices each node belongs. It is independent of the validator,
/// because it says what the validator must find.</summary>
internal static class SnapshotWalk
{
    public static IEnumerable<(Node Node, IReadOnlyList<Place> Places)> Of(Node root, string profile, DefinitionSet definitions) =>
        Walk(root, Root(profile, definitions) is { } place ? [place] : [], definitions);

    /// <summary>The instances of a slice among the repetitions of its element.</summary>
    public static IEnumerable<Node> Instances(SnapshotElement element, SnapshotElement slice, IEnumerable<Node> repetitions) =>
        repetitions.Where(n => (element.Definition.Slicing ?? Slicing.ByUrl).Discriminators.All(d => Matches(slice, n, d.Path)));

    private static Place? Root(string profile, DefinitionSet definitions) =>
        definitions.Snapshot(profile) is { } snapshot ? new(profile, snapshot.Root.Name, snapshot.Root, []) : null;

    private static IEnumerable<(Node, IReadOnlyList<Place>)> Walk(Node node, IReadOnlyList<Place> places, DefinitionSet definitions)
    {
        yield return (node, places);
        foreach (var child in node.Children)
        {
            var below = new List<Place>();
            foreach (var place in places)
            {
                if (place.Element.Child(child.Name) is not { } element) continue;
                below.Add(place.Child(element));
                below.AddRange(element.Slices.Where(s => Instances(element, s, [child]).Any()).Select(s => place.Slice(element, s)));
            }
            if (child.Type.Name == "Extension" && child.TextOf("url") is { } url && Root(url, definitions) is { } extension)
                below.Add(extension);
            foreach (var found in Walk(child, below, definitions)) yield return found;
        }
    }

    private static bool Matches(SnapshotElement slice, Node node, string path)
    {
        if (path == "$this") return Holds(slice, node);
        if (path == "url" && slice.Definition.Types.SelectMany(t => t.Profiles).FirstOrDefault() is { } canonical)
            return node.TextOf("url") == canonical;
        var dot = path.IndexOf('.');
        var name = dot < 0 ? path : path[..dot];
        return slice.Child(name) is { } part && node.All(name).ToList()
            .Exists(n => dot < 0 ? Holds(part, n) : Matches(part, n, path[(dot + 1)..]));
    }

    private static bool Holds(SnapshotElement element, Node node) =>
        !element.Definition.Fixed.IsMissing ? SameValue.Exactly(node, element.Definition.Fixed)
        : !element.Definition.Pattern.IsMissing && SameValue.Covers(node, element.Definition.Pattern);
}
