using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Patching;

/// <summary>An element of a resource while it is patched: a tree that can be changed, which a Document cannot.</summary>
/// <param name="property">Null for the root.</param>
internal sealed class PatchedElement(PropertyInfo? property, TypeInfo type)
{
    private readonly List<PatchedElement> children = [];

    public PropertyInfo? Property => property;
    public TypeInfo Type => type;
    public PatchedElement? Parent { get; private set; }
    /// <summary>The JSON token of a primitive; empty when it has no value.</summary>
    public ReadOnlyMemory<byte> Token { get; init; }
    public IReadOnlyList<PatchedElement> Children => children;
    public int Depth => Parent is null ? 0 : Parent.Depth + 1;

    /// <summary>The tree of a document, by the index of its nodes.</summary>
    public static PatchedElement[] Of(Document document)
    {
        var all = new PatchedElement[document.Count];
        for (var i = 0; i < all.Length; i++)
            all[i] = new PatchedElement(document[i].Property, document[i].Type) { Token = TokenOf(document[i]) };
        for (var i = 0; i < all.Length; i++)
            foreach (var child in document[i].Children) all[i].Add(all[child.Index]);
        return all;
    }

    public static ReadOnlyMemory<byte> TokenOf(Node node)
    {
        ref var row = ref node.Document.At(node.Index);
        return node.Document.Utf8.Slice(row.ValueStart, row.ValueLength);
    }

    public List<PatchedElement> All(ElementInfo element) => children.FindAll(c => ReferenceEquals(c.Property!.Element, element));

    public void Add(PatchedElement child)
    {
        child.Parent = this;
        children.Add(child);
    }

    /// <param name="before">A child; null to add it behind all.</param>
    public void Insert(PatchedElement child, PatchedElement? before)
    {
        child.Parent = this;
        children.Insert(before is null ? children.Count : children.IndexOf(before), child);
    }

    public void Replace(PatchedElement child, PatchedElement by)
    {
        by.Parent = this;
        children[children.IndexOf(child)] = by;
    }

    /// <summary>Takes it out of its parent, and the parent out of its own if nothing is left in it: FHIR has no empty elements.</summary>
    public void Remove()
    {
        for (var element = this; element.Parent is { } parent; element = parent)
        {
            parent.children.Remove(element);
            if (parent.children.Count > 0 || !parent.Token.IsEmpty) return;
        }
    }

    /// <summary>Takes it out of its parent, to be put back elsewhere.</summary>
    public void TakeOut() => Parent!.children.Remove(this);
}
