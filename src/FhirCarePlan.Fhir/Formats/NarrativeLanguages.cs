using System.Text.RegularExpressions;

namespace FhirCarePlan.Fhir.Formats;

/// <summary>The languages of a narrative that is divided by them: its `div` holds a `div` with `lang` for each.
/// https://hl7.org/fhir/R4/languages.html</summary>
internal static partial class NarrativeLanguages
{
    /// <summary>In the order of the sections; empty when the narrative has no such sections, or is not XHTML.</summary>
    public static List<string> Of(string xhtml)
    {
        var languages = new List<string>();
        var depth = 0;
        foreach (var tag in Tag().EnumerateMatches(xhtml))
        {
            var text = xhtml.AsSpan(tag.Index, tag.Length);
            if (text.StartsWith("</")) depth--;
            else
            {
                if (depth == 1 && text.StartsWith("<div") && Language().Match(text.ToString()) is { Success: true } found
                    && !languages.Contains(found.Groups[1].Value))
                    languages.Add(found.Groups[1].Value);
                if (!text.EndsWith("/>")) depth++;
            }
        }
        return languages;
    }

    [GeneratedRegex("""<[A-Za-z/](?:[^<>"']|"[^"<]*"|'[^'<]*')*>""", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex("""\slang\s*=\s*["']([^"']+)["']""", RegexOptions.NonBacktracking)]
    private static partial Regex Language();
}
