using System.Collections.Frozen;
using System.Net;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>What a narrative may hold: well-formed XHTML in one `div`, formatting only, no script, not blank.
/// https://hl7.org/fhir/R4/narrative.html#xhtml</summary>
internal ref struct Narrative
{
    private const int Deepest = 200;
    private const string Namespace = "http://www.w3.org/1999/xhtml";

    private static readonly FrozenSet<string> Elements = (
        "a abbr acronym address area b basefont bdo big blockquote br caption center cite code col colgroup dd dfn div dl dt em font h1 h2 h3 h4 h5 h6 hr " +
        "i img kbd li map ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Attributes = (
        "abbr accesskey align alt axis background bgcolor border cellpadding cellspacing char charoff charset cite class clear color colspan compact coords dir face " +
        "frame headers height href hreflang hspace id ismap lang longdesc name nohref noshade nowrap rel rev rowspan rules scope shape size span src start style " +
        "summary tabindex title type usemap valign value vspace width xml:lang xml:space xml:id xmlns").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private readonly string text;
    private readonly List<string> open = [];
    private int at;
    private bool hasContent;

    private Narrative(string text) => this.text = text;

    public static bool IsSafe(string text) => new Narrative(text).Check();

    private bool Check()
    {
        var isFirst = true;
        SkipBlanks();
        while (at < text.Length)
        {
            if (text[at] != '<')
            {
                if (open.Count == 0 || !Text()) return false;
                continue;
            }
            if (!isFirst && open.Count == 0) return false;
            if (Starts("<!--"))
            {
                if (!SkipPast("-->", 4)) return false;
            }
            else if (Starts("</"))
            {
                if (!EndTag()) return false;
            }
            else
            {
                if (!StartTag(isFirst)) return false;
                isFirst = false;
            }
            if (open.Count == 0) SkipBlanks();
        }
        return !isFirst && open.Count == 0 && hasContent;
    }

    private bool Text()
    {
        var start = at;
        while (at < text.Length && text[at] != '<') at++;
        var span = text.AsSpan(start, at - start);
        if (!span.IsWhiteSpace()) hasContent = true;
        // An ampersand begins an entity; `&copy` without semicolon is not well-formed.
        while (span.IndexOf('&') is var amp and >= 0)
        {
            span = span[(amp + 1)..];
            var end = span.IndexOf(';');
            if (end <= 0 || !IsEntity(span[..end])) return false;
            span = span[(end + 1)..];
        }
        return true;
    }

    private static bool IsEntity(ReadOnlySpan<char> name)
    {
        if (name is "lt" or "gt" or "amp" or "quot" or "apos") return true;
        var entity = $"&{name};";
        return WebUtility.HtmlDecode(entity) != entity;
    }

    private bool StartTag(bool isRoot)
    {
        at++;
        var name = Name();
        if (!Elements.Contains(name) || (isRoot && name != "div") || open.Count >= Deepest) return false;
        if (name == "img") hasContent = true;
        var isNamed = false;
        while (true)
        {
            var blanks = SkipBlanks();
            if (at >= text.Length) return false;
            if (Starts("/>"))
            {
                at += 2;
                return !isRoot;
            }
            if (text[at] == '>')
            {
                at++;
                open.Add(name);
                return !isRoot || isNamed;
            }
            if (!blanks || !Attribute(out var attribute, out var value)) return false;
            if (attribute == "xmlns") isNamed = value == Namespace;
            if (attribute == "xmlns" && !isNamed) return false;
        }
    }

    private bool Attribute(out string name, out string value)
    {
        value = "";
        name = Name();
        if (!Attributes.Contains(name) && !name.StartsWith("xmlns:", StringComparison.Ordinal)) return false;
        SkipBlanks();
        if (at >= text.Length || text[at++] != '=') return false;
        SkipBlanks();
        if (at >= text.Length || text[at] is not ('"' or '\'')) return false;
        var end = text.IndexOf(text[at], at + 1);
        if (end < 0) return false;
        value = text[(at + 1)..end];
        at = end + 1;
        return !value.Contains('<') && (name is not ("href" or "src" or "longdesc" or "cite") || !IsScript(value));
    }

    private static bool IsScript(string address)
    {
        var plain = string.Concat(WebUtility.HtmlDecode(address).Where(c => c > ' '));
        return plain.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase) || plain.StartsWith("vbscript:", StringComparison.OrdinalIgnoreCase);
    }

    private bool EndTag()
    {
        at += 2;
        var name = Name();
        SkipBlanks();
        if (at >= text.Length || text[at++] != '>' || open.Count == 0 || open[^1] != name) return false;
        open.RemoveAt(open.Count - 1);
        return true;
    }

    private string Name()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is ':' or '-' or '_' or '.')) at++;
        return text[start..at];
    }

    private bool SkipBlanks()
    {
        var start = at;
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at > start;
    }

    private bool SkipPast(string end, int from)
    {
        var found = text.IndexOf(end, at + from, StringComparison.Ordinal);
        at = found + end.Length;
        return found >= 0;
    }

    private readonly bool Starts(string expected) => text.AsSpan(at).StartsWith(expected, StringComparison.Ordinal);
}
