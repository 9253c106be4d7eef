using System.Buffers;
using System.Collections.Frozen;
using System.Net;
using System.Text;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>The XHTML that a narrative may contain: the basic elements, well-formed, nothing that runs and nothing that loads.
/// https://hl7.org/fhir/R4/narrative.html#xhtml</summary>
internal ref struct Xhtml
{
    private const int MaxDepth = 200;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    private static readonly FrozenSet<string> Elements = Words(
        "a abbr acronym address area b bdo big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img "
        + "kbd li map ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt u ul var ins del s strike center font");

    private static readonly FrozenSet<string> Attributes = Words(
        "abbr accesskey align alt axis bgcolor border cellpadding cellspacing char charoff charset cite class clear color colspan compact coords dir face "
        + "frame headers height href hreflang hspace id ismap lang longdesc name nohref noshade nowrap rel rev rowspan rules scope shape size span "
        + "src start style summary tabindex title type usemap valign value vspace width xmlns xml:lang xml:space xml:base");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ElementLookup =
        Elements.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> AttributeLookup =
        Attributes.GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly ReadOnlySpan<byte> text;
    private int at;
    private bool hasContent;

    private Xhtml(ReadOnlySpan<byte> text) => this.text = text;

    /// <summary>Null when the narrative is allowed, else the reason why not.</summary>
    /// <param name="isEmpty">True when it is well formed and has no content (`txt-2`).</param>
    public static string? Problem(ReadOnlySpan<byte> text, out bool isEmpty)
    {
        var reader = new Xhtml(text);
        reader.SkipSpace();
        var problem = reader.Element(0, isRoot: true);
        if (problem == null)
        {
            reader.SkipSpace();
            if (reader.at < text.Length) problem = "something follows the `div`";
        }
        isEmpty = problem == null && !reader.hasContent;
        return problem;
    }

    /// <summary>`htmlChecks()` of FHIRPath.</summary>
    public static bool IsSafe(string text) => Problem(Encoding.UTF8.GetBytes(text), out var isEmpty) == null && !isEmpty;

    private string? Element(int depth, bool isRoot)
    {
        if (depth > MaxDepth) return "elements nest too deeply";
        if (!Take((byte)'<')) return isRoot ? "a `div` is expected" : "a tag is broken";
        var name = Name();
        if (name.IsEmpty || (isRoot && !name.SequenceEqual("div"u8))) return isRoot ? "a `div` is expected" : "a tag is broken";
        if (!Known(name, ElementLookup)) return $"the element `{Shown(name)}` is not allowed";
        if (name.SequenceEqual("img"u8)) hasContent = true;
        var hasNamespace = false;
        while (true)
        {
            var spaced = SkipSpace();
            if (at >= text.Length) return "a tag is not closed";
            if (Take((byte)'/')) return Take((byte)'>') ? Namespace(isRoot, hasNamespace) : "a tag is broken";
            if (Take((byte)'>')) break;
            if (!spaced) return "a tag is broken";
            if (Attribute(ref hasNamespace) is { } wrong) return wrong;
        }
        return Namespace(isRoot, hasNamespace) ?? Content(name, depth);
    }

    private static string? Namespace(bool isRoot, bool hasNamespace) =>
        isRoot && !hasNamespace ? "the `div` is not in the namespace `http://www.w3.org/1999/xhtml`" : null;

    private string? Attribute(ref bool hasNamespace)
    {
        var name = Name();
        SkipSpace();
        if (name.IsEmpty || !Take((byte)'=')) return "an attribute is broken";
        SkipSpace();
        if (at >= text.Length || text[at] is not ((byte)'"' or (byte)'\'')) return "an attribute's value is not quoted";
        var length = text[(at + 1)..].IndexOf(text[at]);
        if (length < 0) return "an attribute is not closed";
        var value = text.Slice(at + 1, length);
        at += length + 2;
        if (value.Contains((byte)'<')) return "an attribute holds `<`";
        if (name.SequenceEqual("xmlns"u8))
        {
            if (!value.SequenceEqual("http://www.w3.org/1999/xhtml"u8))
                return "an element is not in the namespace `http://www.w3.org/1999/xhtml`";
            hasNamespace = true;
        }
        else if (name.StartsWith("xmlns:"u8)) return null;
        else if (!Known(name, AttributeLookup)) return $"the attribute `{Shown(name)}` is not allowed";
        if ((name.SequenceEqual("href"u8) || name.SequenceEqual("src"u8)) && Runs(value))
            return $"the attribute `{Shown(name)}` runs a script";
        return BadReference(value) ? "an entity is not closed" : null;
    }

    private string? Content(ReadOnlySpan<byte> name, int depth)
    {
        while (true)
        {
            var length = text[at..].IndexOf((byte)'<');
            if (length < 0) return $"`{Shown(name)}` is not closed";
            var words = text.Slice(at, length);
            hasContent |= !words.IsEmpty && words.ContainsAnyExcept(" \t\r\n"u8);
            if (BadReference(words)) return "an entity is not closed";
            at += length;
            var rest = text[at..];
            if (rest.StartsWith("<!--"u8))
            {
                var end = rest.IndexOf("-->"u8);
                if (end < 0) return "a comment is not closed";
                at += end + 3;
            }
            else if (rest.StartsWith("</"u8))
            {
                at += 2;
                if (!Name().SequenceEqual(name)) return $"`{Shown(name)}` is not closed";
                SkipSpace();
                return Take((byte)'>') ? null : "a tag is broken";
            }
            else if (rest.StartsWith("<!"u8) || rest.StartsWith("<?"u8)) return "declarations are not allowed";
            else if (Element(depth + 1, isRoot: false) is { } wrong) return wrong;
        }
    }

    /// <summary>`&amp;` begins `&amp;name;` or `&amp;#160;`.</summary>
    private static bool BadReference(ReadOnlySpan<byte> words)
    {
        for (var start = words.IndexOf((byte)'&'); start >= 0; start = words.IndexOf((byte)'&'))
        {
            words = words[(start + 1)..];
            var end = words.IndexOf((byte)';');
            if (end is < 1 or > 32 || !IsEntity(words[..end])) return true;
        }
        return false;
    }

    /// <summary>`#160`, `#xA0`, or one of HTML's names.</summary>
    private static bool IsEntity(ReadOnlySpan<byte> name)
    {
        if (name[0] == '#')
            return name[1..] is [(byte)'x', .. var hex]
                ? !hex.ContainsAnyExcept(HexDigits) : name.Length > 1 && !name[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
        if (name.SequenceEqual("amp"u8) || name.SequenceEqual("lt"u8) || name.SequenceEqual("gt"u8) || name.SequenceEqual("quot"u8)
            || name.SequenceEqual("nbsp"u8)) return true;
        var reference = $"&{Encoding.ASCII.GetString(name)};";
        return WebUtility.HtmlDecode(reference) != reference;
    }

    private static bool Runs(ReadOnlySpan<byte> address)
    {
        Span<byte> plain = stackalloc byte[16];
        var length = 0;
        foreach (var b in address)
        {
            if (b <= ' ') continue;
            if (length == plain.Length || b == ':') break;
            if (b == '&') return true; // an address that hides its scheme
            plain[length++] = (byte)char.ToLowerInvariant((char)b);
        }
        return plain[..length] is [(byte)'j', (byte)'a', (byte)'v', (byte)'a', ..] or [(byte)'v', (byte)'b', (byte)'s', ..];
    }

    private ReadOnlySpan<byte> Name()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit((char)text[at]) || text[at] is (byte)':' or (byte)'-' or (byte)'_')) at++;
        return text[start..at];
    }

    private bool SkipSpace()
    {
        var start = at;
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') at++;
        return at > start;
    }

    private bool Take(byte wanted)
    {
        if (at >= text.Length || text[at] != wanted) return false;
        at++;
        return true;
    }

    private static bool Known(ReadOnlySpan<byte> name, FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> words)
    {
        if (name.Length > 16) return false;
        Span<char> chars = stackalloc char[name.Length];
        Encoding.ASCII.GetChars(name, chars);
        return words.Contains(chars);
    }

    private static string Shown(ReadOnlySpan<byte> name) => Encoding.ASCII.GetString(name[..Math.Min(name.Length, 20)]);

    private static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
