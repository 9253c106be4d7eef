using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>`.name`: the children of that name. Remembers the element of the type it saw last, so that it compares references, not
/// names.</summary>
internal sealed class ChildStep(string name) : Step
{
    private const int MostMisses = 8;

    private sealed record Seen(TypeInfo Type, ElementInfo? Element);

    // Threads may overwrite each other's memory of the last type: either is right.
    private Seen? last;
    private int misses;

    public override Node First(Node node) => ElementOf(node.Type) is { } element ? node.First(element) : Node.Missing;

    // Siblings stand in definition order.
    public override Node Next(Node found) =>
        found.NextSibling is { IsMissing: false } next && ReferenceEquals(next.Element, found.Element) ? next : Node.Missing;

    /// <summary>`type().name`</summary>
    public override Item Of(in Item item)
    {
        if (item.Kind != ItemKind.Type) return default;
        if (name == "name") return item.Type.Name;
        return name == "namespace" && item.Type.Namespace is { } space ? space : default(Item);
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
}
