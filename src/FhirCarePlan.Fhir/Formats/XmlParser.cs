using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using System.Xml;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>Reads FHIR XML guided by the definitions into the tree that JSON gives. No document type, no entities but XML's own, nothing
/// is fetched. https://hl7.org/fhir/R4/xml.html</summary>
public static class XmlParser
{
    public const string Namespace = "http://hl7.org/fhir";

    /// <summary>An element has two or three attributes, one of a narrative a few more; each costs memory of its own.</summary>
    private const int MostAttributes = 100;

    internal static XmlReaderSettings Settings { get; } = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>Null when the source is not XML, not FHIR's shape or beyond the limits; the report then has errors, all of one source at
    /// once where possible. The document does not keep the given bytes.</summary>
    public static Document? Parse(ReadOnlyMemory<byte> utf8, Report report, ParseLimits? limits = null)
    {
        if (utf8.Span is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..] or [0, ..] or [_, 0, ..])
            return Malformed(report, "is UTF-16 or UTF-32; send UTF-8");
        if (!Utf8.IsValid(utf8.Span)) return Malformed(report, "is not valid UTF-8");
        if (HasTooManyAttributes(utf8.Span)) return Malformed(report, $"has an element of more than {MostAttributes} attributes");
        using var parse = new XmlParse(report, limits ?? ParseLimits.Default, utf8.Length);
        var bytes = MemoryMarshal.TryGetArray(utf8, out var array) ? array : new ArraySegment<byte>(utf8.ToArray());
        using var text = new StreamReader(new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false), Encoding.UTF8);
        using var reader = XmlReader.Create(text, Settings);
        try
        {
            return parse.Run(reader);
        }
        catch (XmlException e)
        {
            // INVARIANT: the exception's own message quotes the body, so it is not passed on.
            var hasType = !parse.HasRoot && utf8.Span.IndexOf("<!DOCTYPE"u8) >= 0;
            return Malformed(report, hasType ? "has a document type declaration; leave it out" : "is not well-formed XML",
                Math.Max(1, e.LineNumber), Math.Max(1, e.LinePosition));
        }
    }

    internal static Document? Malformed(Report report, string what, int line = 1, int column = 1)
    {
        report.Add(new Issue(IssueSeverity.Fatal, IssueType.Structure, "", $"The body {what}")
        {
            Key = "xml", Line = line, Column = column,
            IsMalformed = true
        });
        return null;
    }

    /// <summary>Counts `=` in front of a quote between tags' brackets; text between tags has none of our business.</summary>
    internal static bool HasTooManyAttributes(ReadOnlySpan<byte> rest)
    {
        while (rest.IndexOf((byte)'<') is >= 0 and var open)
        {
            rest = rest[(open + 1)..];
            if (rest.StartsWith("!"u8) || rest.StartsWith("?"u8)) continue;
            for (var count = 0; rest.IndexOfAny((byte)'"', (byte)'\'', (byte)'>') is >= 0 and var at && rest[at] != '>';)
            {
                if (++count > MostAttributes) return true;
                var close = rest[(at + 1)..].IndexOf(rest[at]);
                if (close < 0) return false; // not well-formed, which the reader will say
                rest = rest[(at + close + 2)..];
            }
        }
        return false;
    }
}
