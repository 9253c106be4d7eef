using System.Buffers;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>How a resource may be written down. https://hl7.org/fhir/R4/resource-formats.html</summary>
public enum ResourceFormat { Json, Xml }

/// <summary>Reads a resource in either format into the same tree.</summary>
public static class ResourceReader
{
    /// <summary>Null when the source cannot be read; the report then has errors. The document may keep the given bytes, so they must not
    /// change while it lives.</summary>
    /// <param name="format">Null to go by the first character.</param>
    public static Document? Read(ReadOnlyMemory<byte> utf8, ResourceFormat? format, Report report, ParseLimits? limits = null) =>
        (format ?? Sniff(utf8.Span)) == ResourceFormat.Xml ? XmlParser.Parse(utf8, report, limits) : JsonParser.Parse(utf8, report, limits);

    /// <summary>XML begins with `&lt;`, with or without white space, a byte order mark or zeros of UTF-16 before it.</summary>
    public static ResourceFormat Sniff(ReadOnlySpan<byte> bytes)
    {
        var first = bytes.IndexOfAnyExcept(Around);
        return first >= 0 && bytes[first] == '<' ? ResourceFormat.Xml : ResourceFormat.Json;
    }

    private static readonly SearchValues<byte> Around =
        SearchValues.Create([(byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0, 0xEF, 0xBB, 0xBF, 0xFE, 0xFF]);
}
