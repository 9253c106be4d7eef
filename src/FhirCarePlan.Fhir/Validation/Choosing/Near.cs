using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Validation.Choosing;

/// <summary>What is probably a slip of the pen: one or two letters or digits wrong, missing, too many or in the wrong order. A code of
/// SNOMED CT with a right check digit means what it says.</summary>
internal static class Near
{
    private const int Few = 2;
    /// <summary>In letters. Input that is longer is not compared: it is not a slip of the pen.</summary>
    private const int Longest = 200;

    /// <summary>The one that was probably meant; null for none, and when the code is one of them.</summary>
    public static string? Code(string given, IReadOnlyList<string> known)
    {
        if (given.Length is 0 or > Longest || known.Contains(given)) return null;
        var isNumber = IsNumber(given);
        // What may be a code of its own means what it says; a digit too many or too few is a slip all the same.
        var most = SnomedId.IsConcept(given) ? 1 : Few;
        string? best = null;
        var least = int.MaxValue;
        foreach (var code in known)
        {
            var limit = code.Length < 6 ? 1 : most;
            if (isNumber != IsNumber(code) && code.Length < 6) continue;
            if (EditDistance.Of(given.ToLowerInvariant(), code.ToLowerInvariant(), limit) is { } distance && distance < least)
                (best, least) = (code, distance);
        }
        return best;
    }

    /// <summary>Another way to write the address of a code system: `http` for `https`, a slash or a version at its end, the OID of SNOMED CT, a
    /// slip.</summary>
    public static bool System(string given, string known) => given.Length <= Longest && given != known && (Bare(given) == Bare(known)
        || known == "http://snomed.info/sct" && IsSnomedSystem(given)
        || EditDistance.Of(Bare(given), Bare(known), Few) != null);

    private static bool IsSnomedSystem(string given) => given is "urn:oid:2.16.840.1.113883.6.96" or "SNOMED" or "SNOMED CT"
        || Bare(given).StartsWith("snomed.info/sct/", StringComparison.Ordinal);

    public static bool Address(string given, string known) =>
        given.Length <= Longest && given != known && EditDistance.Of(Bare(given), Bare(known), Few + 1) != null;

    private static string Bare(string address)
    {
        var text = address.Trim().ToLowerInvariant();
        if (text.IndexOf('|') is > 0 and var version) text = text[..version];
        if (text.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme) text = text[(scheme + 3)..];
        return text.TrimEnd('/');
    }

    private static bool IsNumber(string code) => code.All(char.IsAsciiDigit);
}
