using System.Buffers;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Formats;

namespace FhirCarePlan.Fhir.Model;

/// <summary>Replaces a few string primitives of a document. Everything else stays where it was sent, so that issues name the caller's own
/// lines.</summary>
public sealed class DocumentEdit(Document document)
{
    private readonly record struct Edit(int Node, int Parent, PropertyInfo? Property, string Value);

    private readonly List<Edit> edits = [];

    public bool IsEmpty => edits.Count == 0;

    public void Set(Node primitive, string value) => edits.Add(new Edit(primitive.Index, -1, null, value));

    /// <param name="element">A primitive of the parent that may occur once; it is set if it is there.</param>
    public void Set(Node parent, string element, string value)
    {
        if (parent[element] is { IsMissing: false } there) Set(there, value);
        else edits.Add(new Edit(-1, parent.Index, parent.Type.Property(element), value));
    }

    /// <summary>A document of its own; the old one stays as it is.</summary>
    public Document Apply()
    {
        var tokens = new JsonBuffer(document.Utf8.Length + 64 * edits.Count);
        try
        {
            tokens.Add(document.Utf8.Span);
            var rows = ArrayPool<Document.Row>.Shared.Rent(document.Count + edits.Count);
            for (var i = 0; i < document.Count; i++) rows[i] = document.At(i);
            var count = document.Count;
            foreach (var edit in edits)
            {
                var node = edit.Node >= 0 ? edit.Node : Insert(rows, count++, edit);
                rows[node].ValueStart = tokens.Length;
                tokens.AddString(edit.Value);
                rows[node].ValueLength = tokens.Length - rows[node].ValueStart;
            }
            return new Document(tokens.Written.ToArray(), rows, count, Places(count)) { IsEdited = true };
        }
        finally
        {
            tokens.Return();
        }
    }

    private static int Insert(Document.Row[] rows, int node, Edit edit)
    {
        ref var parent = ref rows[edit.Parent];
        var property = edit.Property!;
        var (before, after) = (-1, parent.FirstChild);
        while (after >= 0 && rows[after].Property!.Element.Order <= property.Element.Order) (before, after) = (after, rows[after].Next);
        rows[node] = new Document.Row
        {
            Property = property, Type = property.Type, Parent = edit.Parent, FirstChild = -1, Next = after, Offset = parent.Offset,
        };
        if (before < 0) parent.FirstChild = node;
        else rows[before].Next = node;
        return node;
    }

    /// <summary>An added node takes its parent's place in the source.</summary>
    private (int, int)[]? Places(int count)
    {
        if (document.Places is not { } places) return null;
        var all = new (int, int)[count];
        places.AsSpan(0, document.Count).CopyTo(all);
        var next = document.Count;
        foreach (var edit in edits)
            if (edit.Node < 0) all[next++] = places[edit.Parent];
        return all;
    }
}
