using System.Net;
using System.Text;
using System.Xml;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>Rewrites a narrative's XHTML so that it needs no context: XHTML as default namespace, no entities except XML's own, no
/// comments. A narrative in JSON (a string) then equals the same one in XML (elements).
/// https://hl7.org/fhir/R4/narrative.html#xhtml</summary>
internal static class XhtmlCopy
{
    public const string Namespace = "http://www.w3.org/1999/xhtml";
    public const int MaxDepth = 200;

    /// <summary>Copies the element that the reader is on and leaves the reader on its last tag; false when it nests too deeply or is too
    /// long.</summary>
    public static bool Copy(XmlReader reader, StringBuilder into, int most)
    {
        var top = reader.Depth;
        do
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (reader.Depth - top > MaxDepth || into.Length > most) return false;
                    if (Start(reader, into, reader.Depth == top) && reader.Depth == top) return true;
                    break;
                case XmlNodeType.EndElement:
                    into.Append("</").Append(Name(reader)).Append('>');
                    if (reader.Depth == top) return true;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    Escape(reader.Value, into, isAttribute: false);
                    break;
            }
        }
        while (reader.Read());
        return false;
    }

    /// <summary>The same for a narrative that is a string; null when it is not well-formed XML.</summary>
    public static string? Of(string div)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(WithoutNamedEntities(div)), XmlParser.Settings);
            if (reader.MoveToContent() != XmlNodeType.Element) return null;
            var text = new StringBuilder(div.Length + 64);
            if (!Copy(reader, text, int.MaxValue)) return null;
            while (reader.Read()) { } // nothing may follow: throws otherwise
            return text.ToString();
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>Words as a narrative that shows them.</summary>
    public static string OfText(string words)
    {
        var text = new StringBuilder("<div xmlns=\"" + Namespace + "\">");
        Escape(words, text, isAttribute: false);
        return text.Append("</div>").ToString();
    }

    /// <summary>True for an element that ends with this tag.</summary>
    private static bool Start(XmlReader reader, StringBuilder into, bool isTop)
    {
        var isEmpty = reader.IsEmptyElement;
        into.Append('<').Append(Name(reader));
        if (isTop && reader.NamespaceURI == Namespace) into.Append(" xmlns=\"").Append(Namespace).Append('"');
        while (reader.MoveToNextAttribute())
        {
            if (isTop && reader.Name == "xmlns") continue;
            into.Append(' ').Append(reader.Name).Append("=\"");
            Escape(reader.Value, into, isAttribute: true);
            into.Append('"');
        }
        reader.MoveToElement();
        into.Append(isEmpty ? "/>" : ">");
        return isEmpty;
    }

    private static string Name(XmlReader reader) => reader.NamespaceURI == Namespace ? reader.LocalName : reader.Name;

    /// <summary>Characters that XML cannot hold at all become U+FFFD.</summary>
    public static void Escape(string text, StringBuilder into, bool isAttribute)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            switch (c)
            {
                case '&': into.Append("&amp;"); break;
                case '<': into.Append("&lt;"); break;
                case '>': into.Append("&gt;"); break;
                case '"' when isAttribute: into.Append("&quot;"); break;
                case '\r': into.Append("&#xD;"); break;
                case '\n' when isAttribute: into.Append("&#xA;"); break;
                case '\t' when isAttribute: into.Append("&#x9;"); break;
                default:
                    if (XmlConvert.IsXmlChar(c)) into.Append(c);
                    else if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], c)) into.Append(c).Append(text[++i]);
                    else into.Append('\uFFFD');
                    break;
            }
        }
    }

    /// <summary>`&amp;nbsp;` → `&amp;#160;`: XML has no names for HTML's characters.</summary>
    private static string WithoutNamedEntities(string div)
    {
        var at = div.IndexOf('&');
        if (at < 0) return div;
        var text = new StringBuilder(div.Length);
        var from = 0;
        for (; at >= 0; at = div.IndexOf('&', at + 1))
        {
            var end = div.IndexOf(';', at, Math.Min(34, div.Length - at));
            if (end < 0 || div[at + 1] == '#' || div[(at + 1)..end] is "amp" or "lt" or "gt" or "quot" or "apos") continue;
            text.Append(div, from, at - from);
            foreach (var c in WebUtility.HtmlDecode(div[at..(end + 1)]).EnumerateRunes()) text.Append("&#").Append(c.Value).Append(';');
            from = end + 1;
        }
        return text.Append(div, from, div.Length - from).ToString();
    }
}
