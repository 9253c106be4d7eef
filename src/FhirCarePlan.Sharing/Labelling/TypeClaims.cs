using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>The protocol's claims on one type, compiled: the categories that choose a resource of it, and the parts of it that they claim.
/// An expression that cannot be evaluated on a resource claims all of it: errors hide.</summary>
internal sealed class TypeClaims
{
    private static readonly TypeInfo ExtensionType = R4.Type("Extension")!;

    private readonly List<(long Bit, FhirPathExpression Filter)> roots = [];
    private readonly List<(long Bit, FhirPathExpression Selector)> elements = [];
    private readonly long fallback;

    public TypeClaims(string type, Protocol protocol, ProtocolBits bits)
    {
        foreach (var category in protocol.Categories)
        {
            var bit = bits.Of(category.Id);
            if (category.Roots.TryGetValue(type, out var filter))
            {
                if (filter.Trim() == "true") fallback |= bit;
                else roots.Add((bit, FhirPathExpression.Compile(filter)));
            }
            foreach (var selector in category.Elements.GetValueOrDefault(type) ?? []) elements.Add((bit, FhirPathExpression.Compile(selector)));
        }
        if (fallback == 0) fallback = bits.Other;
    }

    /// <summary>Every category that chooses the resource; see Category.</summary>
    /// <param name="mask">Those whose code lists choose it.</param>
    public long RootOf(Node resource, FhirPathContext context, long mask)
    {
        foreach (var (bit, filter) in roots)
            try
            {
                if (filter.Test(resource, context) == true) mask |= bit;
            }
            catch (FhirPathException)
            {
                mask |= bit;
            }
        return mask == 0 ? fallback : mask;
    }

    /// <summary>Adds each claim's bit to the nodes it selects and notes those that are extensions or inside one.</summary>
    public void Claim(Node resource, FhirPathContext context, long[] masks, bool[] claimed)
    {
        var selected = new List<Node>();
        foreach (var (bit, selector) in elements)
        {
            selected.Clear();
            try
            {
                selector.Select(resource, context, selected);
            }
            catch (FhirPathException)
            {
                selected.Clear();
                selected.Add(resource);
            }
            foreach (var node in selected)
            {
                masks[node.Index] |= bit;
                if (Extension(node) is { IsMissing: false } extension) claimed[extension.Index] = true;
            }
        }
    }

    /// <summary>The nearest extension that the node is, or is part of.</summary>
    private static Node Extension(Node node)
    {
        while (!node.IsMissing && node.Type != ExtensionType && !node.Type.IsResource) node = node.Parent;
        return node.IsMissing || node.Type.IsResource ? Node.Missing : node;
    }
}
