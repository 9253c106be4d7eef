using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>The callers who see that a resource changed: the masks of the differences between two versions, as few as say it. A caller sees
/// the change if every bit of at least one of them is permitted (`Seen`); exactly then their view differs. `meta.versionId` and
/// `lastUpdated` do not count. src/docs/sharing.md#versions-and-time</summary>
public sealed class Changes
{
    private readonly List<long> masks = [];
    private readonly Labels old, now;

    private Changes(Labels old, Labels now) => (this.old, this.now) = (old, now);

    /// <param name="before">The version replaced, with its labels; null when there was none, or it was a deletion.</param>
    /// <param name="after">Null for a deletion.</param>
    public static IReadOnlyList<long> Between((Document Document, Labels Labels)? before, (Document Document, Labels Labels)? after)
    {
        if (before is not { } old || after is not { } now)
            return before is { } gone ? [gone.Labels.Root] : after is { } made ? [made.Labels.Root] : [];
        var changes = new Changes(old.Labels, now.Labels);
        if (old.Labels.Root == now.Labels.Root) changes.Compare(old.Document.Root, now.Document.Root);
        else
        {
            changes.Add(old.Labels.Root);
            changes.Add(now.Labels.Root);
        }
        return changes.masks;
    }

    /// <summary>True when a caller with this permitted mask sees one of the changes.</summary>
    public static bool Seen(IReadOnlyList<long> changes, long permitted)
    {
        foreach (var mask in changes)
            if ((mask & ~permitted) == 0) return true;
        return false;
    }

    private void Add(long mask)
    {
        foreach (var known in masks)
            if ((known & ~mask) == 0) return; // a caller who sees this mask sees that one already
        masks.RemoveAll(known => (mask & ~known) == 0);
        masks.Add(mask);
    }

    /// <summary>Two corresponding nodes with the same labels.</summary>
    private void Compare(Node left, Node right)
    {
        if (!left.Raw.SequenceEqual(right.Raw) && left.Text != right.Text) Add(old[left.Index]);
        var isMeta = left.Type.Name == "Meta" && left.Parent.IsRoot && !left.IsRoot;
        Node a = left.FirstChild, b = right.FirstChild;
        while (!a.IsMissing || !b.IsMissing)
        {
            var order = Math.Min(Order(a), Order(b));
            var (endA, endB) = (EndOfRun(a, order), EndOfRun(b, order));
            var first = a == endA ? b : a;
            if (left.IsRoot && first.Name == "meta" && (a == endA || b == endB)) AddMeta(first, a == endA ? now : old);
            else if (!(isMeta && IsVersion(first))) CompareRuns(a, endA, b, endB);
            (a, b) = (endA, endB);
        }
    }

    /// <summary>A version that was sent without `meta` is one with an empty one: only what the other's says beyond the version differs.</summary>
    private void AddMeta(Node meta, Labels labels)
    {
        foreach (var child in meta.Children)
            if (!IsVersion(child)) Add(labels[child.Index]);
    }

    private static int Order(Node node) => node.IsMissing ? int.MaxValue : node.Element!.Order;
    private static bool IsVersion(Node node) => node.Name is "versionId" or "lastUpdated";

    private static Node EndOfRun(Node node, int order)
    {
        while (!node.IsMissing && node.Element!.Order == order) node = node.NextSibling;
        return node;
    }

    /// <summary>All repetitions of one element. A caller's view of them follows from the nodes of each mask, one by one, and from how the
    /// nodes of each two masks alternate.</summary>
    private void CompareRuns(Node a, Node endA, Node b, Node endB)
    {
        if (IsUniform(a, endA, b, endB))
        {
            for (; a != endA; (a, b) = (a.NextSibling, b.NextSibling)) CompareItems(a, b);
            return;
        }
        var (left, right) = (List(a, endA), List(b, endB));
        var distinct = left.Select(n => old[n.Index]).Concat(right.Select(n => now[n.Index])).Distinct().ToList();
        foreach (var mask in distinct)
        {
            var (these, those) = (left.FindAll(n => old[n.Index] == mask), right.FindAll(n => now[n.Index] == mask));
            if (these.Count != those.Count) Add(mask);
            else
                for (var i = 0; i < these.Count; i++) CompareItems(these[i], those[i]);
        }
        for (var i = 0; i < distinct.Count; i++)
            for (var j = i + 1; j < distinct.Count; j++)
                if (!Alternation(left, old, distinct[i], distinct[j]).SequenceEqual(Alternation(right, now, distinct[i], distinct[j])))
                    Add(distinct[i] | distinct[j]);
    }

    private void CompareItems(Node left, Node right)
    {
        // A choice with another type, a contained resource of another type.
        if (left.Property == right.Property && left.Type == right.Type) Compare(left, right);
        else Add(old[left.Index]);
    }

    /// <summary>True when both runs have the same length and the same labels throughout, as most have.</summary>
    private bool IsUniform(Node a, Node endA, Node b, Node endB)
    {
        if (a == endA || b == endB) return a == endA && b == endB;
        var mask = old[a.Index];
        for (; a != endA && b != endB; (a, b) = (a.NextSibling, b.NextSibling))
            if (old[a.Index] != mask || now[b.Index] != mask) return false;
        return a == endA && b == endB;
    }

    private static IEnumerable<long> Alternation(List<Node> nodes, Labels labels, long one, long other) =>
        nodes.Select(n => labels[n.Index]).Where(m => m == one || m == other);

    private static List<Node> List(Node node, Node end)
    {
        var list = new List<Node>();
        for (; node != end; node = node.NextSibling) list.Add(node);
        return list;
    }
}
