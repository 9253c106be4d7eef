using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>What a code speaks of: the smallest part that stands by itself, such as one of several activities, components or answers; else
/// the whole resource, since its note, dates and documents are about the same. A reason speaks of itself alone: what was done for it stays.
/// So does a value in an extension of the resource. https://hl7.org/fhir/R4/types.html#BackboneElement</summary>
internal static class CodedPart
{
    private static readonly TypeInfo ExtensionType = R4.Type("Extension")!;

    /// <summary>Missing for a code in `meta`: labels and tags have their own meaning.</summary>
    public static Node Of(Node code)
    {
        for (var part = code; ; part = part.Parent)
        {
            if (IsOneOfSeveral(part)) return part;
            var around = part.Parent;
            if (around.IsMissing) return Node.Missing;
            if (!around.Type.IsResource) continue;
            return part.Name == "meta" ? Node.Missing : IsReason(part.Name) || part.Type == ExtensionType ? part : around;
        }
    }

    /// <summary>True for an item of a repeating element that has elements of its own. An answer goes with its question, and what an event was
    /// goes with the document about it.</summary>
    private static bool IsOneOfSeveral(Node node) =>
        node.Element is { IsCollection: true } && !node.Type.IsResource && node.Name is not ("answer" or "event")
        && IsBackbone(node.Type);

    private static bool IsBackbone(TypeInfo type) =>
        type.Name.IndexOf('.') is > 0 and var dot && R4.Type(type.Name[..dot]) is { IsResource: true };

    private static bool IsReason(string name) =>
        name.StartsWith("reason", StringComparison.Ordinal) || name.EndsWith("Reason", StringComparison.Ordinal);
}
