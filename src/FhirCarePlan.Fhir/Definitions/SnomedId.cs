namespace FhirCarePlan.Fhir.Definitions;

/// <summary>The form of SNOMED CT identifiers. http://snomed.org/sctid</summary>
public static class SnomedId
{
    // Verhoeff's check digit: the group's multiplication, ten by ten, and eight permutations of the digits.
    private const string Times = "0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210";
    private const string Turned = "01234567891576283094580379614289160435279453126870428657390127938064157046913258";

    /// <summary>True for a concept's id: 6 to 18 digits, of which the last one fits the others and the two before it say that it is a
    /// concept's.</summary>
    public static bool IsConcept(string code)
    {
        if (code.Length is < 6 or > 18 || code[0] == '0' || !code.All(char.IsAsciiDigit)) return false;
        if (code[^3..^1] is not ("00" or "10")) return false;
        var check = 0;
        for (var i = 0; i < code.Length; i++) check = Times[10 * check + Turned[10 * (i % 8) + code[^(i + 1)] - '0'] - '0'] - '0';
        return check == 0;
    }
}
