using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>`.name`: the children of that name. Remembers the element of the type it saw last, so that it compares references, not names.</summary>
internal sealed class ChildStep(string name)
{
    private const int MostMisses = 8;

    private sealed record Seen(TypeInfo Type, ElementInfo? Element);

    // Threads may overwrite each other's memory of the last type: either is right.
    private Seen? last;
    private int misses;

    public string Name => name;

    public void Push(Evaluation e, in Item item)
    {
        e.Tick();
        if (!item.IsNode)
        {
            PushOfType(e, item);
            return;
        }
        var node = item.Node;
        var element = ElementOf(node.Type);
        if (element is null) return;
        var document = node.Document;
        for (var at = document.At(node.Index).FirstChild; at >= 0;)
        {
            ref var row = ref document.At(at);
            var other = row.Property!.Element;
            if (ReferenceEquals(other, element)) e.Push(document[at]);
            // Siblings stand in definition order.
            else if (other.Order > element.Order) return;
            at = row.Next;
        }
    }

    public Node First(Node node) => ElementOf(node.Type) is { } element ? node.First(element) : Node.Missing;

    /// <summary>Whether the item has such a child.</summary>
    public bool Has(Evaluation e, in Item item)
    {
        if (item.IsNode)
        {
            e.Tick();
            return !First(item.Node).IsMissing;
        }
        var start = e.Top;
        Push(e, item);
        var any = e.Top > start;
        e.Top = start;
        return any;
    }

    /// <summary>Replaces [start, Top) by their children.</summary>
    public void Replace(Evaluation e, int start)
    {
        var end = e.Top;
        if (end - start == 1)
        {
            var only = e[start];
            e.Top = start;
            Push(e, only);
            return;
        }
        for (var i = start; i < end; i++) Push(e, e[i]);
        e.Drop(start, end);
    }

    private ElementInfo? ElementOf(TypeInfo type)
    {
        var seen = last;
        if (seen != null && ReferenceEquals(seen.Type, type)) return seen.Element;
        var element = type.Element(name);
        // Where types keep changing (`descendants().code`) remembering would only make garbage.
        if (misses < MostMisses)
        {
            misses++;
            last = new Seen(type, element);
        }
        return element;
    }

    /// <summary>`type().name`</summary>
    private void PushOfType(Evaluation e, in Item item)
    {
        if (item.Kind != ItemKind.Type) return;
        if (name == "name") e.Push((Item)item.Type.Name);
        else if (name == "namespace" && item.Type.Namespace is { } space) e.Push((Item)space);
    }
}
