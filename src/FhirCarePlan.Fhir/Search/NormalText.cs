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
        var written = new StringBuilder(text.Length);
        var gap = false;
        foreach (var c in text)
        {
            var kind = Kind(c);
            if (kind == Mark) continue;
            if (kind == Gap) { gap = written.Length > 0; continue; }
            if (gap) { written.Append(' '); gap = false; }
            var plain = Letter(c);
            if (Fold(plain) is { } letters) written.Append(letters);
            else written.Append(plain);
        }
        return written.ToString();
    }

    /// <summary>The small letter without its accent.</summary>
    public static char Letter(char letter) =>
        Accents.Remove(char.ToLowerInvariant(Accents.Remove(letter))); // twice: the Ångström sign is small å, İ has no small letter

    private const int Whole = 0, Gap = 1, Mark = 2;

    private static int Kind(char c) => c switch
    {
        >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' => Whole,
        '\'' or '\u2018' or '\u2019' or '`' or '\u00B4' or '\u02BC' => Mark,
        < '\u0080' => Gap,
        _ => CharUnicodeInfo.GetUnicodeCategory(c) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => Mark,
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
                or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.Surrogate => Whole,
            _ => Gap,
        },
    };

    /// <summary>Letters that are two, or whose stroke Unicode does not take apart.</summary>
    private static string? Fold(char c) => c switch
    {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' or 'ð' => "d",
        'ł' => "l",
        'þ' => "th",
        'ı' => "i",
        'ĳ' => "ij",
        'ς' => "σ",
        _ => null,
    };

    private static bool IsPlain(string text)
    {
        foreach (var c in text)
            if (c is not (>= 'a' and <= 'z' or >= '0' and <= '9')) return false;
        return true;
    }
}
