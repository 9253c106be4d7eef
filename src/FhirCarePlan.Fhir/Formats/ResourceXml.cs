using System.Text;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>Writes the tree as FHIR XML: definition order, the FHIR and XHTML namespaces as default ones, no white space unless asked for.
/// https://hl7.org/fhir/R4/xml.html</summary>
public static class ResourceXml
{
    public static byte[] Write(Document document, bool isPretty = false)
    {
        var xml = new StringBuilder(document.Utf8.Length * 2);
        xml.Append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        if (isPretty) xml.Append('\n');
        var root = document.Root;
        Element(root, root.Type.Name, " xmlns=\"" + XmlParser.Namespace + "\"", xml, isPretty ? 0 : -1);
        return Encoding.UTF8.GetBytes(xml.ToString());
    }

    /// <param name="indent">Levels of indentation; -1 for none at all.</param>
    private static void Element(Node node, string name, string attributes, StringBuilder xml, int indent)
    {
        NewLine(xml, indent, isFirst: node.IsRoot);
        xml.Append('<').Append(name).Append(attributes);
        var below = indent < 0 ? -1 : indent + 1;
        var hasElements = false;
        foreach (var child in node.Children)
            if (child.Element!.IsAttribute) Attribute(child.Name, child.Text, xml);
            else hasElements = true;
        if (node.Type.IsPrimitive) Attribute("value", node.Text, xml);
        if (!hasElements)
        {
            xml.Append("/>");
            return;
        }
        xml.Append('>');
        foreach (var child in node.Children)
            if (!child.Element!.IsAttribute) Child(child, xml, below);
        NewLine(xml, indent, isFirst: false);
        xml.Append("</").Append(name).Append('>');
    }

    private static void Child(Node child, StringBuilder xml, int indent)
    {
        var name = child.Property!.JsonName;
        if (child.Type.IsResource)
        {
            NewLine(xml, indent, isFirst: false);
            xml.Append('<').Append(name).Append('>');
            Element(child, child.Type.Name, "", xml, indent < 0 ? -1 : indent + 1);
            NewLine(xml, indent, isFirst: false);
            xml.Append("</").Append(name).Append('>');
        }
        else if (child.Type.Name == "xhtml")
        {
            if (child.Text is not { } div) return;
            NewLine(xml, indent, isFirst: false);
            // The validator passes only well-formed narratives. If one is not, show it all the same, as plain words.
            xml.Append(XhtmlCopy.Of(div) ?? XhtmlCopy.OfText(div));
        }
        else if (child.HasValue || child.HasChildren) Element(child, name, "", xml, indent);
    }

    private static void Attribute(string name, string? value, StringBuilder xml)
    {
        if (value is null) return;
        xml.Append(' ').Append(name).Append("=\"");
        XhtmlCopy.Escape(value, xml, isAttribute: true);
        xml.Append('"');
    }

    private static void NewLine(StringBuilder xml, int indent, bool isFirst)
    {
        if (indent >= 0 && !isFirst) xml.Append('\n').Append(' ', 2 * indent);
    }
}
