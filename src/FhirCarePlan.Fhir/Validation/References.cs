using System.Text;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation;

/// <summary>Where the references of a document lead: to contained resources, to entries of the same bundle, or outside.
/// https://hl7.org/fhir/R4/references.html https://hl7.org/fhir/R4/bundle.html#references</summary>
internal sealed class References(Document document, Func<string, Node>? outside)
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
        if (literal.IndexOf("/_history/", StringComparison.Ordinal) is > 0 and var history) literal = literal[..history];
        for (var node = resource; !node.IsMissing; node = node.Parent)
            if (node.Type.Name == "Bundle" && Entries(node).TryGetValue(literal, out var target)) return target;
        return outside?.Invoke(literal) ?? Node.Missing;
    }

    /// <summary>As <see cref="Target"/>, but a relative reference from an entry with the address of a server leads to the same server only.
    /// https://hl7.org/fhir/R4/bundle.html#references</summary>
    public Node BundledTarget(Node from, string literal)
    {
        if (!literal.Contains(':') && Entry(from)["fullUrl"].Text is { } fullUrl && fullUrl.StartsWith("http", StringComparison.Ordinal)
            && !TypeOf(Encoding.UTF8.GetBytes(fullUrl)).IsEmpty)
        {
            var server = fullUrl[..fullUrl.LastIndexOf('/', fullUrl.LastIndexOf('/') - 1)];
            return Target(from, $"{server}/{literal}");
        }
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

    public bool IsContained(Node target) => !target.IsMissing && ReferenceEquals(target.Document, document) && target.Property?.Element.Name == "contained";

    public bool IsBundled(Node target) => !target.IsMissing && ReferenceEquals(target.Document, document) && !target.IsRoot && !IsContained(target);

    /// <summary>`Patient` of `Patient/1`, `https://a.example/fhir/Patient/1/_history/2` and `Patient?identifier=1`; empty when the text does not tell.</summary>
    public static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> literal) => TypePart(literal) is var part && IsResourceType(part) ? part : default;

    /// <summary>What stands where a type is named, be it one or not.</summary>
    public static ReadOnlySpan<byte> TypePart(ReadOnlySpan<byte> literal)
    {
        var query = literal.IndexOf((byte)'?');
        if (query >= 0) return literal[..query];
        var history = literal.IndexOf("/_history/"u8);
        if (history > 0) literal = literal[..history];
        var idStart = literal.LastIndexOf((byte)'/');
        if (idStart <= 0 || idStart == literal.Length - 1) return default;
        literal = literal[..idStart];
        return literal[(literal.LastIndexOf((byte)'/') + 1)..];
    }

    private static bool IsResourceType(ReadOnlySpan<byte> name) =>
        name.Length is > 3 and < 40 && name[0] is >= (byte)'A' and <= (byte)'Z'
        && R4.Type(Encoding.ASCII.GetString(name)) is { IsResource: true };

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
