using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Profiles;

/// <summary>An element of a snapshot and the elements below it. Trees are immutable and share unchanged parts.</summary>
public sealed record SnapshotElement
{
    /// <summary>`value` for `value[x]`; the type's name for the root.</summary>
    public required string Name { get; init; }
    /// <summary>What base R4 says of the element; null for the root.</summary>
    public ElementInfo? Info { get; init; }
    /// <summary>The type whose element this is when it is the root.</summary>
    public TypeInfo? RootType { get; init; }
    public required ElementDefinition Definition { get; init; }
    /// <summary>Empty where no profile has walked into the element: then the type says all there is.</summary>
    public IReadOnlyList<SnapshotElement> Children { get; init; } = [];
    public IReadOnlyList<SnapshotElement> Slices { get; init; } = [];

    public string? SliceName => Definition.SliceName;

    public SnapshotElement? Child(string name)
    {
        foreach (var child in Children)
            if (child.Name == name) return child;
        return null;
    }

    public SnapshotElement? Slice(string name)
    {
        foreach (var slice in Slices)
        {
            if (slice.SliceName == name) return slice;
            if (slice.Slice(name) is { } within) return within;
        }
        return null;
    }
}

/// <summary>A profile with everything it inherits. https://hl7.org/fhir/R4/profiling.html#snapshot</summary>
public sealed class Snapshot(StructureDefinition profile, SnapshotElement root)
{
    public StructureDefinition Profile => profile;
    public SnapshotElement Root => root;

    /// <summary>What base R4 says of the element itself; a snapshot repeats it, and `ele-1` and `ext-1` from the element's type.</summary>
    private static IEnumerable<Invariant> BaseRules(SnapshotElement element)
    {
        if (element.RootType is { } root) return root.Invariants;
        if (element.Info is not { } info || info.IsAttribute || info.Types[0].Type.IsResource
            || info is { Name: "id", Owner.IsResource: true }) return [];
        // A backbone element's rules are written at the element, a data type's at the type.
        var type = info.Types[0].Type;
        var ofType = type.Kind == TypeKind.Backbone && !BaseSnapshot.IsContentReference(info)
            ? type.Invariants : type.Invariants.Where(i => i.Key is "ele-1" or "ext-1");
        if (element.Definition.RepeatsRulesOfType) return [.. type.Invariants, .. info.Invariants];
        return [.. ofType, .. info.Invariants.Where(i => i.Key != BaseSnapshot.SimpleQuantityRule)];
    }

    /// <summary>If the profile does not set a minimum for extensions, it is the sum of its slices' minima. R4's own publisher left that sum
    /// to the reader. A validator does not need it: the slices report what is missing.</summary>
    private int? Min(SnapshotElement element)
    {
        if (profile.IsOfR4 || element.Slices.Count == 0 || !ReferenceEquals(element.Definition.Slicing, Slicing.ByUrl))
            return element.Definition.Min;
        var sum = 0;
        foreach (var slice in element.Slices) sum += slice.Definition.Min ?? 0;
        return Math.Max(sum, element.Definition.Min ?? 0);
    }

    /// <summary>The published form: each element, then its children, then its slices, with ids and paths filled in.</summary>
    public IReadOnlyList<ElementDefinition> Elements() => [.. Walk().Select(e => e.Definition)];

    /// <summary>As above, with the elements below each.</summary>
    internal List<SnapshotElement> Walk() =>
        [.. Walk(root).Select(e => e with { Definition = (profile.IsOfR4 ? e.Definition : Pinning.Of(e)) with { Min = Min(e) } })];

    internal static List<SnapshotElement> Walk(SnapshotElement root)
    {
        var elements = new List<SnapshotElement>();
        Add(root, "", "");
        return elements;

        void Add(SnapshotElement element, string parentId, string parentPath)
        {
            var name = element.Info is { IsChoice: true } ? element.Name + "[x]" : element.Name;
            var path = parentPath + name;
            var id = parentId + name + (element.SliceName is { } slice ? ":" + slice : "");
            elements.Add(element
                with
            {
                Definition = element.Definition
                with
                { Id = id, Path = path, Constraints = [.. BaseRules(element), .. element.Definition.Constraints] }
            });
            foreach (var child in element.Children) Add(child, id + ".", path + ".");
            foreach (var sliced in element.Slices) Add(sliced, parentId, parentPath);
        }
    }
}
