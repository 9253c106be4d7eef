using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>The paths of all parameters of a type joined where they begin alike, so that a resource is walked once and not once
/// for each parameter. Built at once, then only read.</summary>
internal sealed class IndexTree
{
    private readonly Dictionary<string, IndexTree> next = new(StringComparer.Ordinal);
    private readonly List<End> ends = [];
    private ByOrder? known;

    /// <summary>The rest of a parameter's path from here.</summary>
    private readonly record struct End(SearchParameter Parameter, IndexPath Path, int At);

    /// <summary>The branches by the place of their element in one type: the type met first here, most often the only one.</summary>
    private sealed record ByOrder(TypeInfo Type, IndexTree?[] Branches);

    public void Add(SearchParameter parameter, IndexPath path)
    {
        var branch = this;
        var at = 0;
        for (; path.ChildAt(at) is { } name; at++)
            branch = branch.next.TryGetValue(name, out var found) ? found : branch.next[name] = new IndexTree();
        branch.ends.Add(new End(parameter, path, at));
    }

    public void Walk(Node node, RowWriter into)
    {
        foreach (var end in ends)
        {
            into.Begin(end.Parameter);
            end.Path.Walk(node, end.At, into);
        }
        if (next.Count == 0 || !node.HasChildren) return;
        var branches = BranchesFor(node.Type);
        foreach (var child in node.Children)
            if (branches[child.Element!.Order] is { } branch) branch.Walk(child, into);
    }

    private IndexTree?[] BranchesFor(TypeInfo type)
    {
        if (known is { } byOrder && byOrder.Type == type) return byOrder.Branches;
        var branches = new IndexTree?[type.Elements.Count];
        foreach (var (name, branch) in next)
            if (type.Element(name) is { } element) branches[element.Order] = branch;
        known ??= new ByOrder(type, branches);
        return branches;
    }
}
