namespace FhirCarePlan.Fhir.Search;

/// <summary>Takes a published expression apart: one search parameter serves many types, with the parts joined by `|`.
/// https://hl7.org/fhir/R4/searchparameter.html#expression</summary>
internal static class ParameterExpression
{
    /// <summary>The parts that speak of a type, or of every resource, joined again; empty when there is none.</summary>
    public static string For(string type, string expression)
    {
        if (expression.Length == 0) return "";
        var parts = Parts(expression);
        var mine = parts.FindAll(part => Root(part) is var root
            && (root == type || root is "Resource" or "DomainResource" || !IsTypeName(root)));
        return mine.Count == parts.Count ? expression : string.Join(" | ", mine);
    }

    /// <summary>Splits at `|` outside parentheses and quotes.</summary>
    public static List<string> Parts(string expression)
    {
        var parts = new List<string>();
        int depth = 0, start = 0;
        var quoted = false;
        for (var i = 0; i < expression.Length; i++)
            switch (expression[i])
            {
                case '\\' when quoted: i++; break;
                case '\'': quoted = !quoted; break;
                case '(' when !quoted: depth++; break;
                case ')' when !quoted: depth--; break;
                case '|' when !quoted && depth == 0:
                    parts.Add(expression[start..i].Trim());
                    start = i + 1;
                    break;
            }
        parts.Add(expression[start..].Trim());
        return parts;
    }

    private static string Root(string part)
    {
        var start = 0;
        while (start < part.Length && (part[start] == '(' || char.IsWhiteSpace(part[start]))) start++;
        var end = start;
        while (end < part.Length && char.IsAsciiLetterOrDigit(part[end])) end++;
        return part[start..end];
    }

    /// <summary>Types begin with a capital, elements do not: `id` alone serves every type.</summary>
    private static bool IsTypeName(string root) => root.Length > 0 && char.IsAsciiLetterUpper(root[0]);
}
