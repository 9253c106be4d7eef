using System.Text;

namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>`\,`, `\|`, `\$` and `\\` mean the character itself. https://hl7.org/fhir/R4/search.html#escaping</summary>
internal static class Escapes
{
    /// <summary>Cuts at every separator that is not escaped; the pieces keep their escapes.</summary>
    public static List<string> Split(string text, char separator)
    {
        var pieces = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == separator) { pieces.Add(text[start..i]); start = i + 1; }
        }
        pieces.Add(text[start..]);
        return pieces;
    }

    /// <summary>A backslash before any other character means a backslash.</summary>
    public static string Remove(string text)
    {
        if (!text.Contains('\\')) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is ',' or '|' or '$' or '\\') i++;
            plain.Append(text[i]);
        }
        return plain.ToString();
    }
}
