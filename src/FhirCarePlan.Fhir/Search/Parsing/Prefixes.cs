namespace FhirCarePlan.Fhir.Search.Parsing;

/// <summary>https://hl7.org/fhir/R4/search.html#prefix</summary>
internal static class Prefixes
{
    public const string Allowed = "eq, ne, gt, lt, ge, le, sa, eb, ap";

    /// <summary>Takes a prefix off; without one it is eq.</summary>
    public static Prefix Take(ref string text)
    {
        Prefix? prefix = text.Length < 2 ? null : text.AsSpan(0, 2) switch
        {
            "eq" => Prefix.Eq,
            "ne" => Prefix.Ne,
            "gt" => Prefix.Gt,
            "lt" => Prefix.Lt,
            "ge" => Prefix.Ge,
            "le" => Prefix.Le,
            "sa" => Prefix.Sa,
            "eb" => Prefix.Eb,
            "ap" => Prefix.Ap,
            _ => null,
        };
        if (prefix != null) text = text[2..];
        return prefix ?? Prefix.Eq;
    }
}
