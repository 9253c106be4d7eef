using System.Text;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath.Values;

/// <summary>The text of an item, in place: bytes of the source or a string. Looking at it copies nothing.</summary>
internal readonly ref struct TextView
{
    private readonly ReadOnlySpan<byte> utf8;
    private readonly string? text;

    private TextView(ReadOnlySpan<byte> utf8, string? text)
    {
        this.utf8 = utf8;
        this.text = text;
    }

    /// <summary>Valid for strings and for primitive elements that have a value.</summary>
    public static TextView Of(in Item item) =>
        item.IsNode ? new(item.Node.Utf8, null) : item.IsSlice ? new(item.Slice, null) : new(default, item.String);

    /// <summary>The text of an element without copying it, where the source holds it as it is (ASCII, no escapes); else a copy.</summary>
    public static Item Copy(Node node)
    {
        var raw = node.Raw;
        var quotes = node.IsString ? 1 : 0;
        return raw.Contains((byte)'\\') || !Ascii.IsValid(raw)
            ? node.Text!
            : Item.SliceOf(node.Document, node.Document.At(node.Index).ValueStart + quotes, raw.Length - 2 * quotes);
    }

    /// <summary>Whether two elements with values hold the same text.</summary>
    public static bool AreSame(Node a, Node b)
    {
        ReadOnlySpan<byte> one = a.Raw, other = b.Raw;
        if (one.SequenceEqual(other)) return true;
        return (one.Contains((byte)'\\') || other.Contains((byte)'\\')) && a.Utf8.SequenceEqual(b.Utf8);
    }

    public bool Equals(TextView other)
    {
        if (text is null) return other.text is null ? utf8.SequenceEqual(other.utf8) : Same(utf8, other.text);
        return other.text is null ? Same(other.utf8, text) : text == other.text;
    }

    /// <summary>Only text beyond ASCII needs a copy.</summary>
    private static bool Same(ReadOnlySpan<byte> utf8, string text)
    {
        if (Ascii.Equals(utf8, text)) return true;
        return utf8.Length > text.Length && !Ascii.IsValid(text) && Encoding.UTF8.GetString(utf8) == text;
    }

    /// <summary>As characters; in the buffer where it is long enough.</summary>
    public ReadOnlySpan<char> Chars(Span<char> buffer)
    {
        if (text != null) return text;
        if (utf8.Length > buffer.Length) return Encoding.UTF8.GetString(utf8);
        return buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
    }
}
