using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Model;

/// <summary>An element of a parsed resource as FHIRPath sees it: `valueString` is a node named `value` of type `string`; a primitive with
/// `_x` is one node with value and children; each repetition is a node. Cheap to copy; lives as long as its Document.</summary>
public readonly struct Node(Document document, int index) : IEquatable<Node>
{
    public static Node Missing => default;

    public Document Document => document;
    public int Index => index;
    public bool IsMissing => document is null;

    /// <summary>Null for the root.</summary>
    public PropertyInfo? Property => document.At(index).Property;
    public ElementInfo? Element => document.At(index).Property?.Element;
    public TypeInfo Type => document.At(index).Type;
    /// <summary>The element's name without type suffix; for the root the type's.</summary>
    public string Name => document.At(index).Property?.Element.Name ?? Type.Name;
    /// <summary>Position in its array.</summary>
    public int Position0 => document.At(index).Index;
    public bool IsRoot => index == 0;

    public Node Parent => At(document.At(index).Parent);
    public Node FirstChild => At(document.At(index).FirstChild);
    public Node NextSibling => At(document.At(index).Next);
    public bool HasChildren => document.At(index).FirstChild >= 0;

    private Node At(int other) => other < 0 ? default : new Node(document, other);

    /// <summary>The resource this node belongs to: itself, or the nearest contained or bundled resource above, or the root.</summary>
    public Node Resource
    {
        get
        {
            var node = this;
            while (!node.Type.IsResource) node = node.Parent;
            return node;
        }
    }

    // ---- value of a primitive -------------------------------------------------------------------------------------------

    public bool HasValue => document.At(index).ValueLength > 0;
    /// <summary>The JSON token as written, quotes and escapes included; empty when there is no value.</summary>
    public ReadOnlySpan<byte> Raw
    {
        get
        {
            ref var row = ref document.At(index);
            return document.Slice(row.ValueStart, row.ValueLength);
        }
    }
    public bool IsString => HasValue && Raw[0] == '"';
    /// <summary>True when the UTF-8 of the value is in the source without escapes: then `Utf8` costs nothing.</summary>
    public bool HasEscapes => document.HasEscapes && IsString && Raw.Contains((byte)'\\');

    /// <summary>The value's UTF-8 without quotes. For a value without escapes a slice of the source, else a copy.</summary>
    public ReadOnlySpan<byte> Utf8
    {
        get
        {
            var raw = Raw;
            if (raw.IsEmpty || raw[0] != '"') return raw;
            raw = raw[1..^1];
            return document.HasEscapes && raw.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(Text!) : raw;
        }
    }

    /// <summary>The value as text; null when there is none. Strings are unescaped; numbers and booleans stay as the sender wrote them. Safe on
    /// Missing.</summary>
    public string? Text
    {
        get
        {
            if (document is null) return null;
            var raw = Raw;
            if (raw.IsEmpty) return null;
            if (raw[0] != '"') return Encoding.UTF8.GetString(raw);
            if (!document.HasEscapes || !raw.Contains((byte)'\\')) return Encoding.UTF8.GetString(raw[1..^1]);
            var reader = new Utf8JsonReader(raw);
            reader.Read();
            return reader.GetString();
        }
    }

    public bool ValueEquals(ReadOnlySpan<byte> utf8) => Utf8.SequenceEqual(utf8);

    // ---- children ---------------------------------------------------------------------------------------------------------

    /// <summary>All children in definition order.</summary>
    public ChildEnumerable Children => new(this, null);
    /// <summary>The repetitions of one element (`value`, not `valueString`).</summary>
    public ChildEnumerable All(string name) => new(this, name);

    /// <summary>The first repetition, or Missing.</summary>
    public Node this[string name]
    {
        get
        {
            if (document is null) return default;
            foreach (var child in All(name)) return child;
            return default;
        }
    }

    /// <summary>As `this[name]`, for an element of this node's type: compares references, not names.</summary>
    internal Node First(ElementInfo element)
    {
        for (var at = document.At(index).FirstChild; at >= 0;)
        {
            ref var row = ref document.At(at);
            var other = row.Property!.Element;
            if (ReferenceEquals(other, element)) return new Node(document, at);
            // Siblings are in definition order.
            if (other.Order > element.Order) break;
            at = row.Next;
        }
        return default;
    }

    /// <summary>Text of the first repetition of a child, null when there is none. Safe on Missing.</summary>
    public string? TextOf(string name) => this[name] is { IsMissing: false } child ? child.Text : null;

    public int CountOf(string name)
    {
        var count = 0;
        foreach (var _ in All(name)) count++;
        return count;
    }

    // ---- where it is ------------------------------------------------------------------------------------------------------

    /// <summary>FHIRPath with positions: `CarePlan.activity[0].detail.status`, `Observation.value`.</summary>
    public string Location
    {
        get
        {
            if (document is null) return "";
            if (IsRoot) return Type.Name;
            var path = new DefaultInterpolatedStringHandler(64, 8, null, stackalloc char[256]);
            AddLocation(ref path);
            return path.ToStringAndClear();
        }
    }

    private void AddLocation(ref DefaultInterpolatedStringHandler path)
    {
        if (Property is not { } property)
        {
            path.AppendLiteral(Type.Name);
            return;
        }
        Parent.AddLocation(ref path);
        path.AppendLiteral(".");
        path.AppendLiteral(Name);
        if (!property.Element.IsCollection) return;
        path.AppendLiteral("[");
        path.AppendFormatted(Position0);
        path.AppendLiteral("]");
    }

    /// <summary>Byte offset of the element in the source.</summary>
    public int Offset => document.At(index).Offset;

    /// <summary>The JSON object that this was read from; null for a value, and for what was read from another format or edited since.
    /// </summary>
    public ReadOnlyMemory<byte>? Source
    {
        get
        {
            if (document.Places != null || document.IsEdited || HasValue) return null;
            var json = document.Utf8[Offset..];
            // A single element begins with its name.
            if (json.Span[0] == '"') json = json[(json.Span.IndexOf((byte)':') + 1)..];
            var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = 512 });
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) return null;
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            return json[start..(int)reader.BytesConsumed];
        }
    }

    /// <summary>1-based line and column in the source.</summary>
    public (int Line, int Column) Position
    {
        get
        {
            if (document.Places is { } places) return places[index];
            var before = document.Utf8.Span[..Offset];
            return (before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
        }
    }

    public bool Equals(Node other) => ReferenceEquals(document, other.Document) && index == other.Index;
    public override bool Equals(object? obj) => obj is Node other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(document, index);
    public static bool operator ==(Node a, Node b) => a.Equals(b);
    public static bool operator !=(Node a, Node b) => !a.Equals(b);
    public override string ToString() => document is null ? "(missing)" : Location;
}

/// <summary>Children of a node, allocation-free in foreach; for LINQ use `ToList`.</summary>
public readonly struct ChildEnumerable(Node parent, string? name)
{
    public Enumerator GetEnumerator() => new(parent.IsMissing ? default : parent.FirstChild, name);

    public List<Node> ToList()
    {
        var list = new List<Node>();
        foreach (var node in this) list.Add(node);
        return list;
    }

    public struct Enumerator(Node next, string? name)
    {
        public Node Current { get; private set; }

        public bool MoveNext()
        {
            while (!next.IsMissing)
            {
                Current = next;
                next = next.NextSibling;
                if (name is null || Current.Name == name) return true;
            }
            return false;
        }
    }
}
