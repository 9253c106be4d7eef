using System.Buffers;
using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Writing;

/// <summary>The canonical text of all repetitions of an element, to tell whether it changed.</summary>
internal static class ElementText
{
    public static string Of(Node parent, string element)
    {
        if (parent.IsMissing) return "";
        var text = new StringBuilder();
        foreach (var node in parent.All(element))
        {
            text.Append(node.Text).Append('\n');
            if (!node.HasChildren) continue;
            var buffer = new ArrayBufferWriter<byte>();
            CanonicalJson.Write(node, buffer);
            text.Append(Encoding.UTF8.GetString(buffer.WrittenSpan)).Append('\n');
        }
        return text.ToString();
    }
}
