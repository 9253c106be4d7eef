using System.Text.RegularExpressions;
using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>Whether a text can be a code of a terminology at all: its form, not its meaning.</summary>
public static partial class CodeForms
{
    private const int Longest = 4000;
    private const RegexOptions Loosely = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>A concept's id, or an expression of such ids. https://confluence.ihtsdotools.org/display/DOCSCG</summary>
    public static bool IsSnomed(string code)
    {
        if (SnomedId.IsConcept(code)) return true;
        if (code.Length > Longest || !Expression().IsMatch(code)) return false;
        var ids = 0;
        foreach (Match number in Number().Matches(Words().Replace(code, " ")))
        {
            if (number.Value[0] == '#') continue;
            if (!SnomedId.IsConcept(number.Value)) return false;
            ids++;
        }
        return ids > 0;
    }

    public static bool IsIcd10(string code) => code.Length <= Longest && Icd10().IsMatch(code);

    public static bool IsIcd11(string code) => code.Length <= Longest && Icd11().IsMatch(code);

    public static bool IsIcd9(string code) => Icd9().IsMatch(code);

    public static bool IsLoinc(string code) => Loinc().IsMatch(code);

    public static bool IsAtc(string code) => Atc().IsMatch(code);

    public static bool IsRead(string code) => Read().IsMatch(code);

    /// <summary>True for what nobody writes by chance: a concept's id of SNOMED CT, a code of ICD-10 with its dot.</summary>
    public static bool IsTelling(string word) =>
        SnomedId.IsConcept(word) || word.IndexOf('.') == 3 && IsIcd10(word) && char.IsAsciiDigit(word[2]);

    // Ids, their terms between bars, strings and numbers of concrete values, and the signs that join them.
    [GeneratedRegex("""^(\|[^|]*\||"[^"]*"|[0-9\s:,+{}=()<>.#-])+$""")]
    private static partial Regex Expression();

    [GeneratedRegex(@"\|[^|]*\||""[^""]*""")]
    private static partial Regex Words();

    [GeneratedRegex("#?-?[0-9.]+")]
    private static partial Regex Number();

    // `F10.2`, `F102`, `F10.-`, `F00.0*`, `G30.1+`, `F10-F19`, `K86.1/F10.2`, a chapter.
    [GeneratedRegex(@"^([A-Z][0-9][0-9AB](\.?[0-9A-Z]{1,4})?(\.?-)?[*+†‡!#]?(\s*[-/, ]\s*(?=[A-Z])|$))+$|^[IVX]{1,5}$", Loosely)]
    private static partial Regex Icd10();

    // Stem and extension codes, clusters of them, blocks, chapters, and ids of the foundation.
    [GeneratedRegex(
        @"^([1-9A-Z][A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,3})?(\s*[&/]\s*(?=[0-9A-Z])|-(?=[0-9A-Z])|$))+$"
        + @"|^(Block)?L[0-9]-[0-9A-Z]{3,4}$|^[0-9]{2}$|^[VX]$|^(http://id\.who\.int/icd/entity/)?[0-9]{6,12}$", Loosely)]
    private static partial Regex Icd11();

    [GeneratedRegex(@"^((([0-9]{3}|V[0-9]{2})(\.?[0-9]{1,2})?|E[0-9]{3}(\.?[0-9])?|[0-9]{2}\.[0-9]{1,2})(-(?=.)|$))+$", Loosely)]
    private static partial Regex Icd9();

    [GeneratedRegex(@"^([0-9]{1,8}|L[A-Z][0-9]{1,8}|MTHU[0-9]{1,8})(-[0-9])?$", Loosely)]
    private static partial Regex Loinc();

    [GeneratedRegex(@"^[A-Z]([0-9]{2}([A-Z]([A-Z]([0-9]{2})?)?)?)?$", Loosely)]
    private static partial Regex Atc();

    [GeneratedRegex(@"^[0-9A-Z_][0-9A-Z_.]{0,6}$", Loosely)]
    private static partial Regex Read();
}
