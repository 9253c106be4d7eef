using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Rules;

namespace FhirCarePlan.Fhir.Validation;

/// <summary>Goes through a tree with the tables of base R4, and once more with a profile's table if it adds something. Repetitions are side
/// by side and in definition order, so one pass over the children counts them all.</summary>
internal static class Walk
{
    /// <summary>Checks base R4, for the node and everything below it; it also checks the profiles that resources on the way
    /// claim.</summary>
    public static void Base(Node node, Run run) => Base(node.Document, node.Index, run.Shapes.Base(node.Type), run);

    private static void Base(Document document, int index, Shape shape, Run run)
    {
        var node = new Node(document, index);
        foreach (var rule in shape.Rules) rule.Check(node, run);
        ref var row = ref document.At(index);
        if (shape.Format != Format.None && row.ValueLength > 0) PrimitiveFormat.Check(node, shape.Format, run);
        ulong seen = 0;
        int last = -1, count = 0;
        ElementRules rules = null!;
        for (var at = row.FirstChild; at >= 0; at = document.At(at).Next)
        {
            if (run.IsFull) return;
            ref var child = ref document.At(at);
            var order = child.Property!.Element.Order;
            if (order == last) count++;
            else
            {
                rules = shape.Elements[order]!;
                (last, count) = (order, 1);
                seen |= 1UL << order;
            }
            if (count == rules.Max + 1) Cardinality.TooMany(node, rules, run);
            var below = run.Shapes.Base(child.Type);
            if (child.ValueLength == 0 && !child.Type.IsResource) EmptyElement.Check(new Node(document, at), run);
            foreach (var rule in rules.Rules) rule.Check(new Node(document, at), run);
            // Most nodes are values and nothing else.
            if (child.FirstChild < 0 && below.Rules.Length == 0)
            {
                if (below.Format != Format.None && child.ValueLength > 0) PrimitiveFormat.Check(new Node(document, at), below.Format, run);
                if (below.Required != 0) Cardinality.Missing(new Node(document, at), below, 0, run);
            }
            else Base(document, at, below, run);
        }
        if ((shape.Required & ~seen) != 0) Cardinality.Missing(node, shape, seen, run);
        if (row.Type.IsResource) ClaimedProfiles.Check(node, run);
    }

    /// <summary>Checks what a profile adds to base R4, for the node and below it.</summary>
    public static void Profile(Node node, Shape shape, Run run)
    {
        if (run.IsFull) return;
        foreach (var rule in shape.Rules) rule.Check(node, run);
        if (shape.Elements.Length == 0) return;
        var document = node.Document;
        ulong seen = 0;
        var at = document.At(node.Index).FirstChild;
        while (at >= 0)
        {
            ref var child = ref document.At(at);
            var order = child.Property!.Element.Order;
            seen |= 1UL << order;
            at = shape.Elements[order] is { } rules ? Repetitions(node, at, order, rules, run) : child.Next;
        }
        if ((shape.Required & ~seen) != 0) Cardinality.Missing(node, shape, seen, run);
    }

    /// <summary>Checks all repetitions of one element, given the first, and returns the node after them.</summary>
    private static int Repetitions(Node parent, int first, int order, ElementRules rules, Run run)
    {
        var document = parent.Document;
        var count = 0;
        var at = first;
        for (; at >= 0 && document.At(at).Property!.Element.Order == order; at = document.At(at).Next)
        {
            count++;
            Element(new Node(document, at), rules, run);
        }
        if (count < rules.Min || count > rules.Max) Cardinality.Check(parent, rules, count, run);
        rules.Slicer?.Check(parent, new Node(document, first), run);
        return at;
    }

    public static void Element(Node node, ElementRules rules, Run run)
    {
        foreach (var rule in rules.Rules) rule.Check(node, run);
        if (rules.Below?.For(node.Type) is { } shape) Profile(node, shape, run);
    }
}
