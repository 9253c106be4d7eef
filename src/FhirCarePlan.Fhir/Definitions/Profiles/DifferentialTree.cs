namespace FhirCarePlan.Fhir.Definitions.Profiles;

/// <summary>A differential is a list in which a slice is told from its siblings by id, or by standing after the slice it belongs to.
/// This makes it the tree it means. https://hl7.org/fhir/R4/elementdefinition.html#id</summary>
internal sealed class DifferentialTree
{
    /// <summary>The path's last part as written: `value[x]`, `valueQuantity`, `extension`.</summary>
    public required string Name { get; init; }
    public string? SliceName { get; init; }
    /// <summary>Null when only something below is stated.</summary>
    public ElementDefinition? Stated { get; private set; }
    public List<DifferentialTree> Children { get; } = [];
    public List<DifferentialTree> Slices { get; } = [];

    /// <summary>Null when it has no elements.</summary>
    public static DifferentialTree? Of(IReadOnlyList<ElementDefinition> differential)
    {
        if (differential.Count == 0) return null;
        var first = differential[0].Path;
        var root = new DifferentialTree { Name = first.Split('.')[0] };
        // Where elements without a usable id belong: the latest node met for each path.
        var latest = new Dictionary<string, DifferentialTree>(StringComparer.Ordinal);
        foreach (var element in differential)
        {
            var node = ById(root, element) ?? ByPlace(root, element, latest);
            node.Stated = node.Stated is { } before ? Both(before, element) : element;
            foreach (var deeper in latest.Keys.Where(k => k.StartsWith(element.Path + ".", StringComparison.Ordinal)).ToList())
                latest.Remove(deeper);
            latest[element.Path] = node;
        }
        return root;
    }

    /// <summary>Ids are trusted when they agree with path and slice name; tools have written wrong ones.</summary>
    private static DifferentialTree? ById(DifferentialTree root, ElementDefinition element)
    {
        if (element.Id is not { } id) return null;
        var parts = id.Split('.');
        var names = element.Path.Split('.');
        if (parts.Length != names.Length || parts[0] != root.Name) return null;
        if ((parts[^1].Contains(':') ? parts[^1][(parts[^1].IndexOf(':') + 1)..] : null) != element.SliceName) return null;
        for (var i = 1; i < parts.Length; i++)
            if (!SameElement(parts[i].Split(':')[0], names[i])) return null;
        var node = root;
        for (var i = 1; i < parts.Length; i++)
        {
            var colon = parts[i].IndexOf(':');
            node = node.Child(colon < 0 ? parts[i] : parts[i][..colon]);
            if (colon >= 0) node = node.Slice(parts[i][(colon + 1)..]);
        }
        return node;
    }

    /// <summary>The id of an element of a type slice says `value[x]:valueQuantity` where its path may say `valueQuantity`.</summary>
    private static bool SameElement(string inId, string inPath) =>
        inId == inPath || (inId.EndsWith("[x]", StringComparison.Ordinal) && inPath.StartsWith(inId[..^3], StringComparison.Ordinal));

    private static DifferentialTree ByPlace(DifferentialTree root, ElementDefinition element, Dictionary<string, DifferentialTree> latest)
    {
        var dot = element.Path.LastIndexOf('.');
        if (dot < 0) return root;
        var node = Parent(element.Path[..dot]).Child(element.Name);
        return element.SliceName is { } slice ? node.Slice(slice) : node;

        DifferentialTree Parent(string path)
        {
            if (latest.TryGetValue(path, out var known)) return known;
            var last = path.LastIndexOf('.');
            return last < 0 ? root : Parent(path[..last]).Child(path[(last + 1)..]);
        }
    }

    private DifferentialTree Child(string name)
    {
        foreach (var child in Children)
            if (child.Name == name) return child;
        var added = new DifferentialTree { Name = name };
        Children.Add(added);
        return added;
    }

    private DifferentialTree Slice(string sliceName)
    {
        foreach (var slice in Slices)
            if (slice.SliceName == sliceName) return slice;
        var added = new DifferentialTree { Name = Name, SliceName = sliceName };
        Slices.Add(added);
        return added;
    }

    /// <summary>The same statements as a slice of the element they were made on.</summary>
    public DifferentialTree AsSlice(string sliceName)
    {
        var slice = new DifferentialTree { Name = Name, SliceName = sliceName, Stated = Stated };
        slice.Children.AddRange(Children);
        return slice;
    }

    /// <summary>The same statements, with a type where none is stated.</summary>
    public DifferentialTree OfType(string type)
    {
        var typed = AsSlice(SliceName!);
        typed.Stated ??= new ElementDefinition { Path = Name };
        if (typed.Stated.Types.Count == 0) typed.Stated = typed.Stated with { Types = [new ElementType(type, [], [], [], null)] };
        typed.Slices.AddRange(Slices);
        return typed;
    }

    /// <summary>The same element stated twice; the later one wins, field by field.</summary>
    private static ElementDefinition Both(ElementDefinition before, ElementDefinition after) => ElementMerge.Apply(before, after);
}
