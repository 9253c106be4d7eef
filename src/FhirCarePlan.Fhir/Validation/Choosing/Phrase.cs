namespace FhirCarePlan.Fhir.Validation.Choosing;

/// <summary>Words that say what something is, wherever they stand in a text.</summary>
/// <remarks>`crisis plan` is found where these words follow one another; `cpa + review` where all of them occur, in any order; `=need`
/// where the
/// text says nothing else.</remarks>
internal sealed class Phrase
{
    /// <summary>A phrase shortly after one of these does not count: `Non-CPA plan` does not name a CPA plan.</summary>
    private static readonly HashSet<string> Denials = ["no", "non", "not", "without", "never"];
    private const int ReachOfDenial = 3;

    private readonly List<string> words;
    private readonly bool isWhole, isLoose;

    private Phrase(string written)
    {
        isWhole = written.StartsWith('=');
        isLoose = written.Contains('+');
        words = Words.Of(written);
    }

    /// <exception cref="InvalidDataException">It has no word.</exception>
    public static Phrase Of(string written) =>
        new Phrase(written) is { words.Count: > 0 } phrase ? phrase
            : throw new InvalidDataException($"`{written}` has no word to look for");

    public bool IsIn(List<string> text)
    {
        if (isLoose)
            return words.TrueForAll(w => text.FindIndex(t => Words.Same(w, t)) is >= 0 and var found && !IsDenied(text, found));
        for (var at = 0; at < text.Count; at++)
        {
            if (Ends(text, at, 0) is not { } end) continue;
            if (isWhole ? at == 0 && end == text.Count : !IsDenied(text, at)) return true;
        }
        return false;
    }

    /// <summary>Where in the text the phrase ends that goes on with its word `k` at `at`; null where it does not. Two words may be written
    /// as
    /// one, and one as two: `multiagency`, `Ho NOS`.</summary>
    private int? Ends(List<string> text, int at, int k)
    {
        if (k == words.Count) return at;
        if (at == text.Count) return null;
        if (Words.Same(words[k], text[at]) && Ends(text, at + 1, k + 1) is { } end) return end;
        if (k + 1 < words.Count && Words.Same(words[k] + words[k + 1], text[at]) && Ends(text, at + 1, k + 2) is { } asOne) return asOne;
        return at + 1 < text.Count && words[k] == text[at] + text[at + 1] ? Ends(text, at + 2, k + 1) : null;
    }

    private static bool IsDenied(List<string> text, int at)
    {
        for (var i = Math.Max(0, at - ReachOfDenial); i < at; i++)
            if (Denials.Contains(text[i])) return true;
        return false;
    }
}
