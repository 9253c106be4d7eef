using System.Globalization;
using System.Text;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Validation.Choosing;

/// <summary>Text as people write it, taken apart into words that can be compared: case, accents, hyphens, plurals and slips of the pen
/// make no difference.</summary>
internal static class Words
{
    /// <summary>In letters. A label is shorter; what comes after is not read.</summary>
    private const int Longest = 400;
    private const int ShortestWithOneSlip = 5, ShortestWithTwoSlips = 9;

    /// <summary>Words that carry nothing: `plan for a crisis` has the words `plan` and `crisis`.</summary>
    private static readonly HashSet<string> Fillers =
    [
        "a", "an", "and", "at", "between", "by", "for", "from", "her", "his", "in", "its", "my", "of", "on", "our", "the", "their", "to",
        "under", "with", "your",
    ];

    /// <summary>The words of a text, in small letters and without accents. Dots and apostrophes are left out (`C.P.A.` is `cpa`). A word ends
    /// at any other sign, and between a letter and a digit (`HoNOS65+` is `honos` and `65`).</summary>
    public static List<string> Of(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, Longest)))
        {
            if (c is '.' or '\'' or '’') continue;
            if (CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format) continue;
            if (!char.IsLetterOrDigit(c) || word.Length > 0 && char.IsDigit(c) != char.IsDigit(word[^1])) End();
            if (char.IsLetterOrDigit(c)) word.Append(NormalText.Letter(c));
        }
        End();
        return words;

        void End()
        {
            if (word.Length > 0 && word.ToString() is var found && !Fillers.Contains(found)) words.Add(found);
            word.Clear();
        }
    }

    /// <param name="known">The word that is looked for. The longer it is, the more slips are forgiven; its first letter must be
    /// right.</param>
    public static bool Same(string known, string written)
    {
        if (known == written) return true;
        var (one, other) = (Singular(known), Singular(written));
        if (one == other) return true;
        if (one.Length < ShortestWithOneSlip || one[0] != other[0] || char.IsDigit(one[0])) return false;
        if (one.Length == ShortestWithOneSlip && other.Length != one.Length) return false;
        var slips = one.Length < ShortestWithTwoSlips ? 1 : 2;
        return EditDistance.Of(one, other, slips) != null || EditDistance.Of(known, written, slips) != null;
    }

    /// <summary>As <see cref="Same"/>, but no slip is forgiven.</summary>
    public static bool Exactly(string known, string written) => Singular(known) == Singular(written);

    private static string Singular(string word) => word switch
    {
        { Length: > 4 } when word.EndsWith("ies", StringComparison.Ordinal) => word[..^3] + "y",
        { Length: > 3 } when word[^1] == 's' && word[^2] is not ('s' or 'i' or 'o' or 'u') => word[..^1],
        _ => word,
    };
}
