using System.Buffers;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>Parts to write differently from the tree.</summary>
public sealed record WriteOptions
{
    /// <summary>Replaces the root's `id`.</summary>
    public string? Id { get; init; }
    /// <summary>Replaces the root's `meta`: a whole JSON object.</summary>
    public ReadOnlyMemory<byte>? Meta { get; init; }
    /// <summary>Node masks by node index; a node with (mask &amp; ~Permitted) != 0 is left out with all below it.</summary>
    public IReadOnlyList<long>? Labels { get; init; }
    public long Permitted { get; init; } = -1;
    /// <summary>Gives another value for a string primitive (references of a transaction), or null to keep it.</summary>
    public Func<Node, string?>? Replace { get; init; }
    /// <summary>True to leave a root-level or nested node out (`_elements`, `_summary`), asked after Labels.</summary>
    public Func<Node, bool>? Skip { get; init; }

    /// <summary>The bytes will be held with many others until all are stored, so the garbage collector had better not move them. A copy of
    /// less than 4 KB is cheaper to move.</summary>
    public bool IsHeld { get; init; }

    internal static WriteOptions AsIs { get; } = new();

    internal bool Hides(Node node) =>
        Labels is { } labels && (labels[node.Index] & ~Permitted) != 0 || Skip is { } skip && skip(node);
}

/// <summary>The one written form of a resource: UTF-8, no white space, definition order with `_x` after `x`, minimal escapes,
/// numbers as written, nothing empty. What an option leaves without value and children is left out with it.</summary>
public static class CanonicalJson
{
    /// <summary>From here on the room is counted first: a large attachment is not held once more in a buffer.</summary>
    private const int Large = 1 << 20;
    private const int Movable = 4 << 10;

    public static byte[] Write(Document document, WriteOptions? options = null)
    {
        if (document.Utf8.Length > Large) return WriteExactly(document.Root, options ?? WriteOptions.AsIs);
        var buffer = new JsonBuffer(document.Utf8.Length + 256);
        try
        {
            WriteObject(ref buffer, document.Root, options ?? WriteOptions.AsIs);
            return options is { IsHeld: true } && buffer.Written.Length >= Movable ? Unmoved(buffer.Written) : buffer.Written.ToArray();
        }
        finally
        {
            buffer.Return();
        }
    }

    private static byte[] Unmoved(ReadOnlySpan<byte> written)
    {
        var held = GC.AllocateUninitializedArray<byte>(written.Length, pinned: true);
        written.CopyTo(held);
        return held;
    }

    private static byte[] WriteExactly(Node root, WriteOptions options)
    {
        var count = new JsonBuffer(exact: null);
        WriteObject(ref count, root, options);
        var buffer = new JsonBuffer(new byte[count.Length]);
        WriteObject(ref buffer, root, options);
        return buffer.ToArray();
    }

    public static void Write(Node node, IBufferWriter<byte> output, WriteOptions? options = null)
    {
        var buffer = new JsonBuffer(1024);
        try
        {
            WriteObject(ref buffer, node, options ?? WriteOptions.AsIs);
            output.Write(buffer.Written);
        }
        finally
        {
            buffer.Return();
        }
    }

    /// <summary>False when nothing was left to write; the buffer is then as before.</summary>
    private static bool WriteObject(ref JsonBuffer buffer, Node node, WriteOptions options)
    {
        var start = buffer.Length;
        buffer.Add((byte)'{');
        var any = false;
        if (node.Type.IsResource)
        {
            buffer.Add("\"resourceType\":\""u8);
            buffer.AddAscii(node.Type.Name);
            buffer.Add((byte)'"');
            any = true;
            if (node.IsRoot) WriteIdentity(ref buffer, options);
        }
        for (var child = node.FirstChild; !child.IsMissing;)
        {
            // The run of nodes of one element: an array, or a single value.
            var property = child.Property!;
            var next = child.NextSibling;
            if (property.Element.IsCollection)
                while (!next.IsMissing && next.Property == property) next = next.NextSibling;
            if (!(node.IsRoot && IsReplaced(property.JsonName, options)))
                any |= property.Type.IsPrimitive
                    ? WritePrimitives(ref buffer, child, next, any, options) : WriteObjects(ref buffer, child, next, any, options);
            child = next;
        }
        if (!any)
        {
            buffer.Length = start;
            return false;
        }
        buffer.Add((byte)'}');
        return true;
    }

    private static bool IsReplaced(string name, WriteOptions options) =>
        name == "id" && options.Id != null || name == "meta" && options.Meta != null;

    private static void WriteIdentity(ref JsonBuffer buffer, WriteOptions options)
    {
        if (options.Id is { } id)
        {
            buffer.Add(",\"id\":"u8);
            buffer.AddString(id);
        }
        if (options.Meta is not { } meta || meta.IsEmpty) return;
        if (options.Id is null) throw new InvalidOperationException("meta is replaced only together with id, which stands before it");
        buffer.Add(",\"meta\":"u8);
        buffer.Add(meta.Span);
    }

    private static bool WriteObjects(ref JsonBuffer buffer, Node first, Node end, bool comma, WriteOptions options)
    {
        var start = buffer.Length;
        var property = first.Property!;
        if (comma) buffer.Add((byte)',');
        buffer.Add(property.Utf8Key);
        if (property.Element.IsCollection) buffer.Add((byte)'[');
        var written = 0;
        for (var node = first; node != end; node = node.NextSibling)
        {
            if (options.Hides(node)) continue;
            var before = buffer.Length;
            if (written > 0) buffer.Add((byte)',');
            if (WriteObject(ref buffer, node, options)) written++;
            else buffer.Length = before;
        }
        if (written == 0)
        {
            buffer.Length = start;
            return false;
        }
        if (property.Element.IsCollection) buffer.Add((byte)']');
        return true;
    }

    private static bool WritePrimitives(ref JsonBuffer buffer, Node first, Node end, bool comma, WriteOptions options)
    {
        var property = first.Property!;
        bool anyValue = false, anyChildren = false;
        for (var node = first; node != end; node = node.NextSibling)
        {
            if (options.Hides(node)) continue;
            anyValue |= node.HasValue;
            anyChildren |= node.HasChildren;
        }
        if (anyValue)
        {
            if (comma) buffer.Add((byte)',');
            buffer.Add(property.Utf8Key);
            WriteValues(ref buffer, first, end, options);
        }
        return anyChildren && WriteCompanions(ref buffer, first, end, comma || anyValue, anyValue, options) || anyValue;
    }

    private static void WriteValues(ref JsonBuffer buffer, Node first, Node end, WriteOptions options)
    {
        var isArray = first.Property!.Element.IsCollection;
        if (isArray) buffer.Add((byte)'[');
        var written = 0;
        for (var node = first; node != end; node = node.NextSibling)
        {
            if (options.Hides(node)) continue;
            if (written++ > 0) buffer.Add((byte)',');
            if (!node.HasValue) buffer.Add("null"u8);
            else if (options.Replace is { } replace && node.IsString && replace(node) is { } other) buffer.AddString(other);
            else if (node.HasEscapes) buffer.AddString(node.Text!);
            else buffer.Add(node.Raw);
        }
        if (isArray) buffer.Add((byte)']');
    }

    private static bool WriteCompanions(ref JsonBuffer buffer, Node first, Node end, bool comma, bool anyValue, WriteOptions options)
    {
        var start = buffer.Length;
        var property = first.Property!;
        if (comma) buffer.Add((byte)',');
        buffer.Add(property.Companion!.Utf8Key);
        var isArray = property.Element.IsCollection;
        if (isArray) buffer.Add((byte)'[');
        bool any = false, between = false;
        for (var node = first; node != end; node = node.NextSibling)
        {
            if (options.Hides(node)) continue;
            // Without any value the array of companions alone holds the positions, so nodes that lose everything leave no null.
            if (between) buffer.Add((byte)',');
            if (node.HasChildren && WriteObject(ref buffer, node, options)) between = any = true;
            else if (anyValue)
            {
                buffer.Add("null"u8);
                between = true;
            }
            else if (between) buffer.Length--;
        }
        if (!any)
        {
            buffer.Length = start;
            return false;
        }
        if (isArray) buffer.Add((byte)']');
        return true;
    }
}
