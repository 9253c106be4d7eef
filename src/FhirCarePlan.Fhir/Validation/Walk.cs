using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation.Rules;

namespace FhirCarePlan.Fhir.Validation;

/// <summary>Goes through a tree once with the tables of base R4, and once more, where a profile has something to say, with its table.</summary>
internal static class Walk
{
    /// <summary>Base R4, of the node and of all below it; resources on the way are also held to what they claim to be.</summary>
    public static void Base(Node node, Run run)
    {
        var shape = run.Shapes.Base(node.Type);
        foreach (var rule in shape.Rules) rule.Check(node, run);
        if (shape.Format != Format.None && node.HasValue) PrimitiveFormat.Check(node, shape.Format, run);
        ulong seen = 0;
        ElementRules? rules = null;
        var count = 0;
        for (var child = node.FirstChild; !child.IsMissing; child = child.NextSibling)
        {
            if (run.IsFull) return;
            var order = child.Element!.Order;
            if (rules != null && rules.Info.Order == order) count++;
            else
            {
                rules = shape.Elements[order]!;
                count = 1;
                seen |= 1UL << order;
            }
            if (count == rules.Max + 1) Cardinality.TooMany(node, rules, child, run);
            if (!child.HasValue && !child.Type.IsResource) EmptyElement.Check(child, run);
            foreach (var rule in rules.Rules) rule.Check(child, run);
            Base(child, run);
        }
        if ((shape.Required & ~seen) != 0) Cardinality.Missing(node, shape, seen, run);
        if (node.Type.IsResource) ClaimedProfiles.Check(node, run);
    }

    /// <summary>What a profile adds to base R4, of the node and below it.</summary>
    public static void Profile(Node node, Shape shape, Run run)
    {
        if (run.IsFull) return;
        foreach (var rule in shape.Rules) rule.Check(node, run);
        ulong seen = 0;
        var child = node.FirstChild;
        while (!child.IsMissing)
        {
            var order = child.Element!.Order;
            seen |= 1UL << order;
            if (order < shape.Elements.Length && shape.Elements[order] is { } rules) child = Repetitions(node, child, rules, run);
            else child = child.NextSibling;
        }
        if (shape.Required == 0 || (shape.Required & ~seen) == 0) return;
        Cardinality.Missing(node, shape, seen, run);
    }

    /// <summary>Checks all repetitions of one element, of which the first is given, and returns what comes after them.</summary>
    private static Node Repetitions(Node parent, Node first, ElementRules rules, Run run)
    {
        var order = rules.Info.Order;
        var count = 0;
        var child = first;
        for (; !child.IsMissing && child.Element!.Order == order; child = child.NextSibling)
        {
            count++;
            Element(child, rules, run);
        }
        if (count < rules.Min || count > rules.Max) Cardinality.Check(parent, rules, count, run);
        rules.Slicer?.Check(parent, first, run);
        return child;
    }

    public static void Element(Node node, ElementRules rules, Run run)
    {
        foreach (var rule in rules.Rules) rule.Check(node, run);
        if (rules.Below?.For(node.Type) is { } shape) Profile(node, shape, run);
    }
}
