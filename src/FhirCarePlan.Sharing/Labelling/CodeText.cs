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
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.Control) continue;
            if (category == UnicodeCategory.DashPunctuation || rune.Value == 0x2212) folded.Append('-');
            else if (category is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.OtherNumber
                && Rune.GetNumericValue(rune) is var number and >= 0 and < 10 && number % 1 == 0) folded.Append((char)('0' + (int)number));
            else if (category is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                folded.Append(' ');
            else if (Styled(rune.Value) is > 0 and var plain) folded.Append((char)plain);
            else if (rune.IsBmp && Alike.IndexOf((char)rune.Value) is >= 0 and var at && at % 2 == 0) folded.Append(Alike[at + 1]);
            else folded.Append(rune);
        }
        return folded.ToString();
    }

    /// <summary>Wide, circled and mathematical letters and signs, of which the service's own normalisation knows nothing
    /// (InvariantGlobalization); 0 for others.</summary>
    private static int Styled(int rune) => rune switch
    {
        >= 0xFF01 and <= 0xFF5E => rune - 0xFEE0,
        >= 0x24B6 and <= 0x24CF => 'A' + rune - 0x24B6,
        >= 0x24D0 and <= 0x24E9 => 'a' + rune - 0x24D0,
        >= 0x1D400 and <= 0x1D6A3 when (rune - 0x1D400) % 52 is var letter => letter < 26 ? 'A' + letter : 'a' + letter - 26,
        _ => 0,
    };
}
