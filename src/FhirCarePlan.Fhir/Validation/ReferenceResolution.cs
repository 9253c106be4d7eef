using System.Text;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation;

/// <summary>Where the references of a document lead: to contained resources, to entries of the same bundle, or outside.
/// https://hl7.org/fhir/R4/references.html https://hl7.org/fhir/R4/bundle.html#references</summary>
internal sealed class ReferenceResolution(Document document, Func<string, Node>? outside)
{
    // By the index of the container or bundle; built once, so that many references stay linear.
    private Dictionary<int, Dictionary<string, Node>>? containedById, entriesByAddress;

    /// <summary>Missing when the target is not at hand.</summary>
    public Node Target(Node from, string literal)
    {
        var resource = from.Resource;
        if (literal.StartsWith('#'))
        {
            var container = Container(resource);
            return literal.Length == 1 ? container : Contained(container).GetValueOrDefault(literal[1..]);
        }
        literal = Reference.Parse(literal).Address ?? literal;
        for (var node = resource; !node.IsMissing; node = node.Parent)
            if (node.Type.Name == "Bundle" && Entries(node).TryGetValue(literal, out var target)) return target;
        return outside?.Invoke(literal) ?? Node.Missing;
    }

    /// <summary>As <see cref="Target"/>, but a relative reference in an entry with a server's address leads to the same server only.
    /// https://hl7.org/fhir/R4/bundle.html#references</summary>
    public Node BundledTarget(Node from, string literal)
    {
        if (!literal.Contains(':') && Entry(from)["fullUrl"].Text is { } fullUrl && Reference.BaseOf(fullUrl) is { } server)
            return Target(from, $"{server}/{literal}");
        return Target(from, literal);
    }

    private static Node Entry(Node node)
    {
        while (!node.IsMissing && node.Type.Name != "Bundle.entry") node = node.Parent;
        return node;
    }

    /// <summary>The contained resource of an id, without making a string in the ordinary case.</summary>
    public Node ContainedTarget(Node from, ReadOnlySpan<byte> id)
    {
        var container = Container(from.Resource);
        var count = 0;
        foreach (var contained in container.All("contained"))
        {
            if (contained["id"] is { IsMissing: false } known && known.ValueEquals(id)) return contained;
            if (++count == 8) return Contained(container).GetValueOrDefault(Encoding.UTF8.GetString(id));
        }
        return Node.Missing;
    }

    public bool IsContained(Node target) =>
        !target.IsMissing && ReferenceEquals(target.Document, document) && target.Property?.Element.Name == "contained";

    public bool IsBundled(Node target) =>
        !target.IsMissing && ReferenceEquals(target.Document, document) && !target.IsRoot && !IsContained(target);

    private static Node Container(Node resource) => resource.Property?.Element.Name == "contained" ? resource.Parent : resource;

    private Dictionary<string, Node> Contained(Node container)
    {
        containedById ??= [];
        if (containedById.TryGetValue(container.Index, out var known)) return known;
        known = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (var contained in container.All("contained"))
            if (contained.TextOf("id") is { } id) known.TryAdd(id, contained);
        return containedById[container.Index] = known;
    }

    /// <summary>By full URL; and by `Type/id`, as entries of one server refer to each other.</summary>
    private Dictionary<string, Node> Entries(Node bundle)
    {
        entriesByAddress ??= [];
        if (entriesByAddress.TryGetValue(bundle.Index, out var known)) return known;
        known = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (var entry in bundle.All("entry"))
        {
            var resource = entry["resource"];
            if (resource.IsMissing) continue;
            if (entry.TextOf("fullUrl") is { } fullUrl) known.TryAdd(fullUrl, resource);
            if (resource.TextOf("id") is { } id) known.TryAdd($"{resource.Type.Name}/{id}", resource);
        }
        return entriesByAddress[bundle.Index] = known;
    }
}
