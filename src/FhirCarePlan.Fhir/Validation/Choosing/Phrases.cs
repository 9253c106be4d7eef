namespace FhirCarePlan.Fhir.Validation.Choosing;

/// <summary>Several phrases, any of which will do.</summary>
/// <param name="Written">As the table has them, see <see cref="Phrase"/>.</param>
/// <param name="Except">Words that give another sense to a phrase: a `CPA tumour` is in the cerebellopontine angle.</param>
public sealed record Phrases(IReadOnlyList<string> Written, IReadOnlyList<string> Except)
{
    public static Phrases None { get; } = new([], []);

    private readonly Phrase[] all = [.. Written.Select(Phrase.Of)];
    private readonly string[] except = [.. Except.SelectMany(Words.Of)];

    /// <summary>The phrase that the text has, as the table has it; null for none.</summary>
    public string? FoundIn(string? text)
    {
        if (all.Length == 0 || string.IsNullOrWhiteSpace(text)) return null;
        var words = Words.Of(text);
        var found = Array.FindIndex(all, p => p.IsIn(words));
        return found < 0 || words.Exists(w => Array.Exists(except, e => Words.Exactly(e, w))) ? null : Written[found];
    }

    /// <summary>For people: `cpa … review`.</summary>
    public string Shown => string.Join(" or ", Written.Select(w => $"`{w.TrimStart('=').Replace(" + ", " … ", StringComparison.Ordinal)}`"));

    /// <summary>Two texts have the same words: `third-party` and `Third party`.</summary>
    public static bool Same(string one, string other)
    {
        var (known, written) = (Words.Of(one), Words.Of(other));
        return known.Count > 0 && known.Count == written.Count && !known.Where((w, i) => !Words.Same(w, written[i])).Any();
    }
}
