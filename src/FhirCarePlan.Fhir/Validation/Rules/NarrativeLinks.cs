using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Validation.Rules;

/// <summary>Links of a narrative lead somewhere: `#id` to a part of the narrative or of the resource, all others by a scheme that a
/// browser follows. https://hl7.org/fhir/R4/narrative.html#id</summary>
internal static class NarrativeLinks
{
    private static readonly string[] Schemes = ["http", "https", "ftp", "mailto", "tel", "data"];

    public static void Check(Node div, ReadOnlySpan<byte> xhtml, Run run)
    {
        var links = new XhtmlLinks(xhtml);
        while (links.Next())
            if (links.IsHref) Check(div, xhtml, xhtml[links.Value], run);
    }

    private static void Check(Node div, ReadOnlySpan<byte> xhtml, ReadOnlySpan<byte> link, Run run)
    {
        if (link is [(byte)'#', .. var id])
        {
            if (!id.IsEmpty && !HasAnchor(xhtml, id) && !HasId(div.Document, id))
                run.Error(IssueType.Invalid, div, "narrative-link", "A link in the narrative leads to a part that does not exist");
            return;
        }
        var colon = link.IndexOf((byte)':');
        if (colon <= 0 || link[..colon].ContainsAny("/?#"u8)) return;
        var scheme = Encoding.UTF8.GetString(link[..colon]);
        if (!Schemes.Contains(scheme, StringComparer.OrdinalIgnoreCase))
            run.Error(IssueType.Invalid, div, "narrative-link",
                "A link in the narrative has a scheme that browsers do not follow; use `http`, `https`, `ftp`, `mailto`, `tel` or `data`");
    }

    /// <summary>`id="x"` or `name="x"`.</summary>
    private static bool HasAnchor(ReadOnlySpan<byte> xhtml, ReadOnlySpan<byte> id)
    {
        for (var at = 0; xhtml[at..].IndexOf(id) is >= 0 and var found; at += found + 1)
        {
            var start = at + found;
            if (start > 3 && start + id.Length < xhtml.Length && xhtml[start - 1] is (byte)'"' or (byte)'\''
                && xhtml[start + id.Length] == xhtml[start - 1]
                && (xhtml[..(start - 1)].EndsWith("id="u8) || xhtml[..(start - 1)].EndsWith("name="u8))) return true;
        }
        return false;
    }

    private static bool HasId(Document document, ReadOnlySpan<byte> id)
    {
        for (var i = 0; i < document.Count; i++)
            if (document[i] is { HasValue: true, Name: "id" } node && node.ValueEquals(id)) return true;
        return false;
    }
}
