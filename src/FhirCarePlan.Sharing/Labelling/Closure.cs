using System.Numerics;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>Spreads labels until pruning by any mask leaves valid R4: down to the children, up from children that a parent needs, and
/// across between elements that one base rule reads together. Masks only grow, so it ends. src/docs/sharing.md#labels</summary>
internal readonly struct Closure(Document document, long[] masks)
{
    /// <param name="partial">The labels that nodes of the type may carry beyond the root's. Any other label moves to the root, so that a
    /// view of the type is partial only for a caller who lacks one of these.</param>
    public void Close(long partial)
    {
        var contained = ContainedLinks.Of(document);
        bool changed;
        do
        {
            GoDown();
            changed = GoUp();
            if (contained != null) changed |= contained.Close(masks);
            changed |= MoveToRoot(partial);
        }
        while (changed);
    }

    // INVARIANT: a parent's index is lower than its children's.
    private void GoDown()
    {
        for (var i = 1; i < document.Count; i++) masks[i] |= masks[document[i].Parent.Index];
    }

    private bool GoUp()
    {
        var changed = false;
        for (var i = document.Count - 1; i >= 0; i--)
        {
            var node = document[i];
            for (var child = node.FirstChild; !child.IsMissing; child = child.NextSibling)
                if (Extra(child, i) != 0)
                {
                    changed |= Settle(node);
                    break;
                }
        }
        return changed;
    }

    private bool MoveToRoot(long partial)
    {
        var all = 0L;
        for (var i = 0; i < document.Count; i++) all |= masks[i];
        return Raise(0, all & ~partial);
    }

    private bool Settle(Node node)
    {
        var closure = TypeClosure.Of(node.Type);
        var changed = PinChildren(node, closure);
        if (closure.IsShell && !node.HasValue) changed |= KeepOne(node, closure, null);
        foreach (var group in closure.OneOf) changed |= KeepOne(node, closure, group);
        foreach (var need in closure.Needs) changed |= Tie(node, need);
        return changed;
    }

    private bool PinChildren(Node node, TypeClosure closure)
    {
        var changed = false;
        for (var child = node.FirstChild; !child.IsMissing;)
        {
            var next = child.NextSibling;
            var role = closure.Role(child.Element!);
            if (role is ChildRole.Pinned or ChildRole.Name || IsPartOfR4sExtension(node, child))
                changed |= Raise(node.Index, masks[child.Index]);
            else if (role == ChildRole.Required)
            {
                var best = child;
                for (; !next.IsMissing && next.Element == child.Element; next = next.NextSibling)
                    if (IsBetter(next, best, node.Index)) best = next;
                changed |= Raise(node.Index, masks[best.Index]);
            }
            child = next;
        }
        return changed;
    }

    /// <summary>R4's own extensions name parts that must be there, as the individual who accepted a goal: they are shown whole or not at all.
    /// https://hl7.org/fhir/R4/extensibility-registry.html</summary>
    private static bool IsPartOfR4sExtension(Node node, Node child) =>
        node.Type.Name == "Extension" && child.Name == "extension"
        && node.TextOf("url")?.StartsWith("http://hl7.org/fhir/StructureDefinition/", StringComparison.Ordinal) == true;

    /// <summary>Everyone who sees the node must see one child of the group (null: of all content): the one with the fewest
    /// labels.</summary>
    private bool KeepOne(Node node, TypeClosure closure, bool[]? group)
    {
        var best = Node.Missing;
        for (var child = node.FirstChild; !child.IsMissing; child = child.NextSibling)
        {
            if (group is null ? closure.Role(child.Element!) == ChildRole.Name : !group[child.Element!.Order]) continue;
            if (best.IsMissing || IsBetter(child, best, node.Index)) best = child;
        }
        return !best.IsMissing && Raise(node.Index, masks[best.Index]);
    }

    private bool Tie(Node node, TypeClosure.Need need)
    {
        var union = 0L;
        for (var child = node.FirstChild; !child.IsMissing; child = child.NextSibling)
            if (need.Needed[child.Element!.Order]) union |= masks[child.Index];
        var changed = false;
        if (union == 0) return false;
        for (var child = node.FirstChild; !child.IsMissing; child = child.NextSibling)
            if (need.Elements[child.Element!.Order]) changed |= Raise(child.Index, union);
        return changed;
    }

    private long Extra(Node child, int parent) => masks[child.Index] & ~masks[parent];

    private bool IsBetter(Node candidate, Node best, int parent) =>
        BitOperations.PopCount((ulong)Extra(candidate, parent)) < BitOperations.PopCount((ulong)Extra(best, parent));

    private bool Raise(int node, long mask)
    {
        if ((mask & ~masks[node]) == 0) return false;
        masks[node] |= mask;
        return true;
    }
}
