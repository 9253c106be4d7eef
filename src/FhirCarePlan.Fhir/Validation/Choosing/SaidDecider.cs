using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Choosing;

/// <summary>Words in a title, a description or a concept without a code.</summary>
/// <param name="Elements">Strings, or concepts, whose text and displays count.</param>
/// <param name="Uncoded">It steps back where this element has a code: then that says what the resource is. Null for none.</param>
public sealed record SaidDecider(IReadOnlyList<string> Elements, Phrases Phrases, string? Uncoded) : Decider
{
    private readonly string[][] paths = [.. Elements.Select(e => e.Split('.'))];

    private string Places => string.Join(" or ", Elements.Select(e => $"`{e}`"));

    public override string Words => $"{Places} says {Phrases.Shown}{(Uncoded is null ? "" : $" and `{Uncoded}` has no code")}";
    public override string Says => $"The text in {Places}";

    public override Node Find(Node root)
    {
        if (Uncoded != null)
            foreach (var concept in root.All(Uncoded))
                if (Concept.IsCoded(concept)) return Node.Missing;
        foreach (var path in paths)
            foreach (var node in At(root, path))
                if (node.Type.IsPrimitive ? Phrases.FoundIn(node.Text) != null
                    : !Concept.IsCoded(node) && Concept.Says(node, Phrases) != null) return node;
        return Node.Missing;
    }
}

/// <summary>A CodeableConcept, or a Coding alone.</summary>
internal static class Concept
{
    /// <summary>It has a code of some system, and so means what that system says.</summary>
    public static bool IsCoded(Node concept)
    {
        if (concept.Type.Name == "Coding") return IsComplete(concept);
        foreach (var coding in concept.All("coding"))
            if (IsComplete(coding)) return true;
        return false;

        static bool IsComplete(Node coding) => !coding["code"].IsMissing && !coding["system"].IsMissing;
    }

    /// <summary>The phrase that its text or a display has.</summary>
    public static string? Says(Node concept, Phrases phrases)
    {
        if (phrases.FoundIn(concept.TextOf("text") ?? concept.TextOf("display")) is { } said) return said;
        foreach (var coding in concept.All("coding"))
            if (phrases.FoundIn(coding.TextOf("display")) is { } shown) return shown;
        return null;
    }
}
