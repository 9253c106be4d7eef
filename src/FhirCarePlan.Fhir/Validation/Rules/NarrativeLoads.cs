using System.Globalization;
using System.Net;
using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>A narrative that is shown loads nothing from elsewhere: an image or a style that comes from another server tells that server
/// who
/// is being read about, and when. Images may be parts of the record (`#id`, a relative address) or pictures in the text (`data:image/png`).
/// A link that a reader has to follow is a link, unless it holds a document of its own (`data:text/html`).
/// https://hl7.org/fhir/R4/narrative.html#security, https://hl7.org/fhir/R4/narrative.html#css</summary>
internal static class NarrativeLoads
{
    private const string Key = "narrative-loads";

    /// <summary>SVG is none of them: it is a document.</summary>
    private static readonly string[] Pictures = ["image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp", "image/bmp"];

    /// <summary>What loads in CSS besides `url(…)`.</summary>
    private static readonly string[] Loading = ["@import", "image-set(", "image(", "cross-fade(", "src(", "expression("];

    public static void Check(Node div, ReadOnlySpan<byte> xhtml, Run run)
    {
        var attributes = new XhtmlLinks(xhtml);
        while (attributes.NextAttribute())
        {
            var name = attributes.Attribute;
            var problem = name.SequenceEqual("src"u8) ? Address(Text(xhtml[attributes.Value]))
                : name.SequenceEqual("style"u8) ? Style(Text(xhtml[attributes.Value]))
                : name.SequenceEqual("xml:base"u8) ? Address(Text(xhtml[attributes.Value]))
                : name.SequenceEqual("href"u8) ? Document(Text(xhtml[attributes.Value])) : null;
            if (problem is null) continue;
            var text = $"The narrative {problem}, and the server there would learn who is being read about. Put a picture into the text "
                + "(`data:image/png`), or leave it out";
            if (run.Options.RefusesLoading) run.Error(IssueType.Security, div, Key, text);
            else run.Warning(IssueType.Security, div, Key, text);
            return;
        }
    }

    private static string Text(ReadOnlySpan<byte> value) => WebUtility.HtmlDecode(Encoding.UTF8.GetString(value));

    /// <summary>As browsers read it: without tabs and line ends, and `\` is `/`.</summary>
    private static string Plain(string address)
    {
        var plain = new StringBuilder(address.Length);
        foreach (var c in address)
            if (c > ' ' || plain.Length > 0 && c == ' ') plain.Append(c == '\\' ? '/' : char.ToLowerInvariant(c));
        return plain.ToString();
    }

    private static string? Address(string given)
    {
        var address = Plain(given);
        if (address.StartsWith("data:", StringComparison.Ordinal))
            return IsPicture(address) ? null : "holds a document as a `data:` address";
        return address.StartsWith("//", StringComparison.Ordinal) || HasScheme(address) ? "loads something from another address" : null;
    }

    private static string? Document(string given) =>
        Plain(given) is var address && address.StartsWith("data:", StringComparison.Ordinal) && !IsPicture(address)
            ? "links to a document within a `data:` address" : null;

    private static bool IsPicture(string address) => address["data:".Length..].TrimStart() is var media
        && Pictures.Any(p => media.StartsWith(p, StringComparison.Ordinal)
            && (media.Length == p.Length || media[p.Length] is ';' or ',' or ' '));

    /// <summary>`http:`, `cid:`; not `x/y:z`, which is a path.</summary>
    private static bool HasScheme(string address) =>
        address.IndexOf(':') is > 0 and var colon && char.IsAsciiLetter(address[0]) && !address.AsSpan(0, colon).ContainsAny("/?#");

    private static string? Style(string given)
    {
        var style = Unescaped(given).ToLowerInvariant();
        foreach (var word in Loading)
            if (Squeezed(style).Contains(word, StringComparison.Ordinal)) return "has a style that loads something";
        for (var at = 0; style.IndexOf("url(", at, StringComparison.Ordinal) is >= 0 and var found; at = found + 1)
        {
            var inside = style[(found + 4)..].TrimStart();
            var end = inside is ['"' or '\'', ..] ? inside.IndexOf(inside[0], 1) : inside.IndexOf(')');
            var address = (end < 0 ? inside : inside[..end]).Trim('"', '\'', ' ', '\t', '\r', '\n');
            if (Address(address) is { } problem) return $"has a style that {problem}";
        }
        return null;
    }

    private static string Squeezed(string style) => string.Concat(style.Where(c => !char.IsWhiteSpace(c)));

    /// <summary>CSS without comments, and with its escapes (`\75rl`, `u\rl`) written out.
    /// https://www.w3.org/TR/css-syntax-3/#escaping</summary>
    private static string Unescaped(string style)
    {
        var plain = new StringBuilder(style.Length);
        for (var i = 0; i < style.Length; i++)
        {
            if (style[i] == '/' && i + 1 < style.Length && style[i + 1] == '*')
            {
                var end = style.IndexOf("*/", i + 2, StringComparison.Ordinal);
                i = end < 0 ? style.Length : end + 1;
            }
            else if (style[i] == '\\' && i + 1 < style.Length)
            {
                var digits = 0;
                while (digits < 6 && i + 1 + digits < style.Length && char.IsAsciiHexDigit(style[i + 1 + digits])) digits++;
                if (digits == 0)
                {
                    i++;
                    if (style[i] is not ('\n' or '\r' or '\f')) plain.Append(style[i]);
                    continue;
                }
                var code = int.Parse(style.AsSpan(i + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                if (Rune.IsValid(code)) plain.Append(new Rune(code).ToString());
                i += digits;
                if (i + 1 < style.Length && char.IsWhiteSpace(style[i + 1])) i++;
            }
            else plain.Append(style[i]);
        }
        return plain.ToString();
    }
}
