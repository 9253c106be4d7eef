using System.Net;
using System.Text;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Search.Indexing;

/// <summary>The words of a resource, text by text, so that each has the labels of its own node: those of the narrative for `_text`, those of
/// every other text and code for `_content`. https://hl7.org/fhir/R4/search.html#content</summary>
internal static class WordRows
{
    /// <summary>A search refuses longer words, so the index leaves them out.</summary>
    public const int Longest = 64;

    public static void Add(Node node, SearchParameter? narrative, SearchParameter? content, List<IndexEntry> rows)
    {
        switch (node.Type.Name)
        {
            case "Narrative":
                if (narrative != null && node["div"] is { IsMissing: false, Text: { } div } at) Write(at, Plain(div), narrative, rows);
                return;
            case "Meta" or "base64Binary": return;
            case "string" or "markdown" or "code":
                if (content != null && node.HasValue && node.Name != "id" && node.Text is { } text) Write(node, text, content, rows);
                break;
        }
        foreach (var child in node.Children) Add(child, narrative, content, rows);
    }

    private static void Write(Node node, string text, SearchParameter parameter, List<IndexEntry> rows)
    {
        var words = NormalText.Of(text);
        if (words.Length > 0) rows.Add(new IndexEntry(parameter, SearchType.Special, node.Index) { Text = words });
    }

    /// <summary>Without tags.</summary>
    private static string Plain(string xhtml)
    {
        var text = new StringBuilder(xhtml.Length);
        var isTag = false;
        foreach (var c in xhtml)
            if (c == '<') { isTag = true; text.Append(' '); }
            else if (c == '>') isTag = false;
            else if (!isTag) text.Append(c);
        return WebUtility.HtmlDecode(text.ToString());
    }
}
