using System.Net;
using System.Text;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>The links of a narrative: values of `href` and `src` in tags, in either kind of quotes. Visible text, comments and other
/// attributes are skipped. https://hl7.org/fhir/R4/narrative.html#xhtml</summary>
public ref struct XhtmlLinks(ReadOnlySpan<byte> xhtml)
{
    private readonly ReadOnlySpan<byte> text = xhtml;
    private int at;
    private bool isInTag;

    public bool IsHref { get; private set; }
    /// <summary>Where the value is, without its quotes.</summary>
    public Range Value { get; private set; }

    /// <summary>The attribute that <see cref="NextAttribute"/> has come to.</summary>
    internal ReadOnlySpan<byte> Attribute { get; private set; }

    public bool Next()
    {
        while (NextAttribute())
        {
            IsHref = Attribute.SequenceEqual("href"u8);
            if (IsHref || Attribute.SequenceEqual("src"u8)) return true;
        }
        return false;
    }

    /// <summary>Goes to the next attribute with a value, whatever its name.</summary>
    internal bool NextAttribute()
    {
        while (at < text.Length)
        {
            if (!isInTag)
            {
                if (!Enter()) return false;
                continue;
            }
            if (text[at] == '>')
            {
                isInTag = false;
                continue;
            }
            var name = Name();
            if (name.IsEmpty)
            {
                at++;
                continue;
            }
            if (!ReadValue()) continue;
            Attribute = name;
            return true;
        }
        return false;
    }

    /// <summary>The narrative with other links, each written without entities first; the same instance when there is nothing to
    /// change.</summary>
    /// <param name="replace">Null to keep a link.</param>
    public static string Rewrite(string narrative, Func<string, string?> replace)
    {
        var utf8 = Encoding.UTF8.GetBytes(narrative);
        var links = new XhtmlLinks(utf8);
        StringBuilder? written = null;
        var copied = 0;
        while (links.Next())
        {
            if (replace(WebUtility.HtmlDecode(Encoding.UTF8.GetString(utf8[links.Value]))) is not { } other) continue;
            written ??= new StringBuilder(narrative.Length + 64);
            written.Append(Encoding.UTF8.GetString(utf8.AsSpan()[copied..links.Value.Start])).Append(WebUtility.HtmlEncode(other));
            copied = links.Value.End.Value;
        }
        return written is null ? narrative : written.Append(Encoding.UTF8.GetString(utf8.AsSpan()[copied..])).ToString();
    }

    /// <summary>Goes to the attributes of the next tag; past a comment, in which nothing is a link.</summary>
    private bool Enter()
    {
        var open = text[at..].IndexOf((byte)'<');
        if (open < 0) return false;
        at += open;
        if (text[at..].StartsWith("<!--"u8))
        {
            var end = text[at..].IndexOf("-->"u8);
            at = end < 0 ? text.Length : at + end + 3;
            return true;
        }
        at++;
        Name();
        isInTag = true;
        return true;
    }

    private ReadOnlySpan<byte> Name()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit((char)text[at]) || text[at] is (byte)':' or (byte)'-' or (byte)'_')) at++;
        return text[start..at];
    }

    /// <summary>`="value"`, with space around the sign.</summary>
    private bool ReadValue()
    {
        SkipSpace();
        if (at >= text.Length || text[at] != '=') return false;
        at++;
        SkipSpace();
        if (at >= text.Length || text[at] is not ((byte)'"' or (byte)'\'')) return false;
        var length = text[(at + 1)..].IndexOf(text[at]);
        if (length < 0)
        {
            at = text.Length;
            return false;
        }
        Value = (at + 1)..(at + 1 + length);
        at += length + 2;
        return true;
    }

    private void SkipSpace()
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') at++;
    }
}
