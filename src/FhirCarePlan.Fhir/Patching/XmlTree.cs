using System.Text;
using System.Text.Unicode;
using System.Xml;
using System.Xml.Linq;
using FhirCarePlan.Fhir.Formats;

namespace FhirCarePlan.Fhir.Patching;

/// <summary>Reads XML into a tree that can be changed. No document type, no entities but XML's own, nothing is fetched.</summary>
internal static class XmlTree
{
    /// <summary>Null for what is not well-formed or nests too deep.</summary>
    public static XDocument? Read(ReadOnlyMemory<byte> utf8)
    {
        if (!Utf8.IsValid(utf8.Span) || XmlParser.HasTooManyAttributes(utf8.Span)) return null;
        var text = Encoding.UTF8.GetString(utf8.Span).TrimStart('\uFEFF');
        try
        {
            using (var levels = XmlReader.Create(new StringReader(text), XmlParser.Settings))
                while (levels.Read())
                    if (levels.Depth > PatchBudget.Deepest) return null;
            using var reader = XmlReader.Create(new StringReader(text), XmlParser.Settings);
            return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
