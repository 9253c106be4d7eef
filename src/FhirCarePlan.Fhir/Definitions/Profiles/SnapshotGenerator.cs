using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Definitions.Profiles;

/// <summary>Lays a differential over what its base says. https://hl7.org/fhir/R4/profiling.html#snapshot</summary>
/// <param name="snapshotOf">The snapshot of another profile, null when it cannot be had.</param>
/// <param name="report">Takes what in the profile leads nowhere; the rest of the profile still counts.</param>
internal sealed class SnapshotGenerator(StructureDefinition profile, Func<string, Snapshot?> snapshotOf, Report report)
{
    // The generator of R4's own profiles took `valueQuantity` to close the choice, and began a slice from the inherited definition. Later
    // ones leave the choice open, and begin a slice from what the profile says of the element as well.
    private readonly bool asR4Published = profile.Url.StartsWith(BaseSnapshot.Canonical, StringComparison.Ordinal);
    private int withinSlices;

    /// <summary>Null when the base cannot be had; the report says why.</summary>
    public Snapshot? Generate()
    {
        if (Base() is not { } root) return null;
        var tree = DifferentialTree.Of(profile.Differential);
        if (tree == null) return new Snapshot(profile, root);
        if (tree.Name != profile.Type)
        {
            Problem(profile.Source, $"The differential is about `{tree.Name}`; it must be about `{profile.Type}`");
            return null;
        }
        return new Snapshot(profile, Merge(root, tree));
    }

    private SnapshotElement? Base()
    {
        if (profile.Base is { } canonical)
        {
            if (BaseSnapshot.TypeOf(canonical) is { } type) return BaseSnapshot.Of(type);
            if (snapshotOf(canonical) is { } snapshot) return snapshot.Root;
        }
        Problem(profile.Source, $"The base definition `{profile.Base}` cannot be resolved");
        return null;
    }

    private SnapshotElement Merge(SnapshotElement element, DifferentialTree stated)
    {
        var inherited = element;
        if (stated.Stated is { } definition)
        {
            if (stated.SliceName == null) CheckNarrows(definition, element);
            element = element with { Definition = ElementMerge.Apply(element.Definition, Added(definition, element)) };
            if (profile.IsOfR4 && definition.Types is [{ Profiles: [BaseSnapshot.SimpleQuantity] }])
                element = element with { Definition = element.Definition with { RepeatsRulesOfType = true } };
        }
        if (stated.Children.Count > 0) element = MergeChildren(element, stated);
        if (stated.Slices.Count > 0) element = MergeSlices(element, inherited, stated.Slices);
        return element;
    }

    /// <summary>A profile allows no more than its base does. https://hl7.org/fhir/R4/profiling.html#limitations</summary>
    private void CheckNarrows(ElementDefinition stated, SnapshotElement element)
    {
        var inherited = element.Definition;
        if (stated.Min < inherited.Min)
            Problem(stated.Source, $"`{stated.Path}` may occur {stated.Min} times; its base requires at least {inherited.Min}");
        if (stated.Max > inherited.Max)
            Problem(stated.Source,
            $"`{stated.Path}` may occur {Words(stated.Max.Value)} times; its base allows at most {Words(inherited.Max.Value)}");

        static string Words(int max) => max == int.MaxValue ? "`*`" : max.ToString();
    }

    /// <summary>Without the constraints that base R4 states for the element or its type, which a snapshot repeats.</summary>
    private static ElementDefinition Added(ElementDefinition definition, SnapshotElement element)
    {
        if (definition.Constraints.Count == 0) return definition;
        var type = element.RootType ?? (element.Info is { Types.Count: 1 } info ? info.Types[0].Type : null);
        return definition with
        {
            Constraints = [.. definition.Constraints.Where(c => c.Key != "ele-1" && c.Key != "ext-1"
                && (element.Info?.Invariants.All(i => i.Key != c.Key) ?? true) && (type?.Invariants.All(i => i.Key != c.Key) ?? true))],
        };
    }

    // ---- children ---------------------------------------------------------------------------------------------------------

    private SnapshotElement MergeChildren(SnapshotElement element, DifferentialTree stated)
    {
        var children = Unfolding.Children(element, snapshotOf).ToList();
        foreach (var child in stated.Children)
        {
            var name = child.Name.EndsWith("[x]", StringComparison.Ordinal) ? child.Name[..^3] : child.Name;
            var at = children.FindIndex(c => c.Name == name);
            if (at >= 0) children[at] = Merge(children[at], child);
            else if (children.FindIndex(c => TypeChosen(c, child.Name) != null) is >= 0 and var choice)
                children[choice] = MergeTypeSlice(children[choice], child);
            else Problem(child.Stated?.Source ?? stated.Stated?.Source ?? profile.Source,
                $"`{child.Name}` is not an element of {element.Definition.Path}");
        }
        return element with { Children = children };
    }

    // ---- slices -----------------------------------------------------------------------------------------------------------

    private SnapshotElement MergeSlices(SnapshotElement element, SnapshotElement inherited, List<DifferentialTree> stated)
    {
        if (element.Definition.Slicing == null)
        {
            Slicing? slicing = null;
            if (element.Info is { Name: "extension" or "modifierExtension" }) slicing = Slicing.ByUrl;
            else if (element.Info is { IsChoice: true } && stated.Any(s => TypeChosen(element, s.SliceName!) != null))
                slicing = Slicing.ByType;
            else if (stated is [var only])
            {
                // A name where nothing is sliced names the element itself.
                element = Merge(element, only);
                return element with { Definition = element.Definition with { SliceName = only.SliceName } };
            }
            if (slicing == null)
                Problem(stated[0].Stated?.Source ?? profile.Source,
                $"`{stated[0].SliceName}` is a slice of {element.Definition.Path}, which is not sliced");
            element = element
                with
            { Definition = element.Definition with { Slicing = slicing ?? new Slicing([], false, SlicingRules.Open) } };
        }
        foreach (var slice in stated) element = MergeSlice(element, inherited, slice);
        return element;
    }

    private SnapshotElement MergeSlice(SnapshotElement element, SnapshotElement inherited, DifferentialTree stated)
    {
        var slices = element.Slices.ToList();
        for (var i = 0; i < slices.Count; i++)
            if (slices[i].SliceName == stated.SliceName)
            {
                slices[i] = Merge(slices[i], stated);
                return element with { Slices = slices };
            }
            else if (stated.SliceName!.StartsWith(slices[i].SliceName + "/", StringComparison.Ordinal))
            {
                slices[i] = MergeSlice(slices[i], slices[i], stated);
                return element with { Slices = slices };
            }
        withinSlices++;
        slices.Add(Merge(NewSlice(asR4Published ? inherited : element, stated.SliceName!), stated));
        withinSlices--;
        return element with { Slices = slices };
    }

    /// <summary>A slice starts from the element that it slices, without its minimum: that an element is required does not require one in
    /// each slice.</summary>
    private static SnapshotElement NewSlice(SnapshotElement element, string sliceName)
    {
        var definition = element.Definition with { SliceName = sliceName, Slicing = null, Min = 0 };
        if (TypeChosen(element, sliceName) is { } type)
            definition = definition with { Types = [.. definition.Types.Where(t => t.Code == type)] };
        return element with { Definition = definition, Slices = [] };
    }

    /// <summary>`valueQuantity` means the slice of that name on `value[x]`.</summary>
    private SnapshotElement MergeTypeSlice(SnapshotElement element, DifferentialTree stated)
    {
        var inherited = element;
        var type = TypeChosen(element, stated.Name)!;
        // Where the choice is down to the one type, its name means the element; R4's publisher took it so within slices, too.
        var isOnlyType = stated.Stated == null && element.Definition is { Types: [var only], Slicing: null } && only.Code == type;
        if (stated.Slices.Count == 0 && (isOnlyType || (profile.IsOfR4 && withinSlices > 0 && element.Slices.Count == 0)))
        {
            if (!isOnlyType)
                element = element
                with
                { Definition = element.Definition with { Types = [.. element.Definition.Types.Where(t => t.Code == type)] } };
            return Merge(element, stated);
        }
        var slices = new List<DifferentialTree>(stated.Slices);
        if (stated.Stated != null || stated.Children.Count > 0) slices.Insert(0, stated.AsSlice(stated.Name));
        if (asR4Published && element.Definition.Slicing == null)
            element = element with
            {
                Definition = element.Definition with
                {
                    Slicing = Slicing.ByType with { Rules = SlicingRules.Closed },
                    Types = [.. element.Definition.Types.Where(t => t.Code == type)],
                },
            };
        return MergeSlices(element, inherited, [.. slices.Select(s => s.SliceName == stated.Name ? s : s.OfType(type))]);
    }

    /// <summary>`Quantity` for `valueQuantity` when the element is `value[x]` and allows it.</summary>
    private static string? TypeChosen(SnapshotElement element, string name)
    {
        if (element.Info is not { IsChoice: true } info || !name.StartsWith(info.Name, StringComparison.Ordinal)) return null;
        foreach (var choice in info.Types)
            if (name.AsSpan(info.Name.Length).Equals(choice.TypeName, StringComparison.OrdinalIgnoreCase)) return choice.TypeName;
        return null;
    }

    private void Problem(Node at, string text) => report.Warning(IssueType.Processing, at, "snapshot", text, profile.Url);
}
