using System.Globalization;
using System.Text;

namespace FhirCarePlan.Fhir.Search;

/// <summary>The form in which strings are compared: lower case, accents folded, apostrophes dropped, other punctuation and white space
/// one space. `O'Brien-Müller ` and `obrien muller` are the same. https://hl7.org/fhir/R4/search.html#string</summary>
public static class NormalText
{
    public static string Of(string text)
    {
        if (IsPlain(text)) return text;
        if (!IsAscii(text)) text = Decompose(text);
        var written = new StringBuilder(text.Length);
        var gap = false;
        foreach (var c in text)
        {
            var kind = Kind(c);
            if (kind == Mark) continue;
            if (kind == Gap) { gap = written.Length > 0; continue; }
            if (gap) { written.Append(' '); gap = false; }
            if (Fold(c) is { } folded) written.Append(folded);
            else written.Append(char.ToLowerInvariant(c));
        }
        return written.ToString();
    }

    private const int Letter = 0, Gap = 1, Mark = 2;

    private static int Kind(char c) => c switch
    {
        >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' => Letter,
        '\'' or '\u2018' or '\u2019' or '`' or '\u00B4' or '\u02BC' => Mark,
        < '\u0080' => Gap,
        _ => CharUnicodeInfo.GetUnicodeCategory(c) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => Mark,
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
                or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.Surrogate => Letter,
            _ => Gap,
        },
    };

    /// <summary>Letters whose stroke or ligature Unicode does not take apart.</summary>
    private static string? Fold(char c) => c switch
    {
        'ß' or 'ẞ' => "ss", 'æ' or 'Æ' => "ae", 'œ' or 'Œ' => "oe", 'ø' or 'Ø' => "o", 'đ' or 'Đ' or 'ð' or 'Ð' => "d",
        'ł' or 'Ł' => "l", 'þ' or 'Þ' => "th", 'ı' => "i", _ => null,
    };

    /// <summary>An unpaired surrogate, which Unicode cannot take apart, stays as it is.</summary>
    private static string Decompose(string text)
    {
        try { return text.Normalize(NormalizationForm.FormKD); }
        catch (ArgumentException) { return text; }
    }

    private static bool IsAscii(string text) => Ascii.IsValid(text);

    private static bool IsPlain(string text)
    {
        foreach (var c in text)
            if (c is not (>= 'a' and <= 'z' or >= '0' and <= '9')) return false;
        return true;
    }
}
