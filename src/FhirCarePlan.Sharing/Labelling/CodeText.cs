using System.Globalization;
using System.Text;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>A code as its reader takes it: wide and foreign digits, letters that look like Latin ones, and characters that do not show are
/// what they look like. https://www.unicode.org/reports/tr36/</summary>
internal static class CodeText
{
    // Pairs of a letter and the one it looks like: Cyrillic and Greek, capitals and small letters.
    private const string Alike =
        "АAВBСCЕEНHІIЈJКKМMОOРPЅSТTХXУYѴVаaеeоoрpсcуyхxіiјjѕsԁdһhԛqԝw"
        + "ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXοoνvαaιiκkρpυuχx";

    /// <summary>The same text where it is plain ASCII.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var folded = new StringBuilder(text.Length);
        foreach (var rune in Compatible(text).EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.Control) continue;
            if (category == UnicodeCategory.DashPunctuation || rune.Value == 0x2212) folded.Append('-');
            else if (category == UnicodeCategory.DecimalDigitNumber) folded.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            else if (category is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                folded.Append(' ');
            else if (rune.IsBmp && Alike.IndexOf((char)rune.Value) is >= 0 and var at && at % 2 == 0) folded.Append(Alike[at + 1]);
            else folded.Append(rune);
        }
        return folded.ToString();
    }

    /// <summary>Letters without the marks on them.</summary>
    private static string Compatible(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormKD);
        }
        catch (ArgumentException)
        {
            return text; // half a surrogate pair
        }
    }
}
