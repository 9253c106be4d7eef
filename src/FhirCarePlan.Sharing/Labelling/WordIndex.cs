using System.Buffers;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>Which code lists a display, or a text in place of a code, speaks of by the words that the agreement gives them. Whole words
/// count, case, accents, hyphens and blanks do not; a word that ends in `*` counts as a beginning.
/// https://hl7.org/fhir/R4/datatypes.html#CodeableConcept</summary>
internal sealed class WordIndex
{
    private readonly (string Word, long Lists)[] words;
    private readonly SearchValues<string> any;

    public WordIndex(IReadOnlyList<CodeList> lists)
    {
        var found = new List<(string, long)>();
        for (var i = 0; i < lists.Count; i++)
            foreach (var word in lists[i].Words)
                found.Add((word.EndsWith('*') ? Plain(word).TrimEnd() : Plain(word), 1L << i));
        words = [.. found];
        any = SearchValues.Create([.. words.Select(w => w.Word)], StringComparison.Ordinal);
    }

    public long Lists(Node text)
    {
        if (words.Length == 0 || text.Text is not { Length: > 2 } said) return 0;
        var plain = Plain(said);
        if (plain.AsSpan().IndexOfAny(any) < 0) return 0;
        var lists = 0L;
        foreach (var (word, of) in words)
            if (plain.Contains(word, StringComparison.Ordinal)) lists |= of;
        return lists;
    }

    private static string Plain(string text) => $" {NormalText.Of(CodeText.Fold(text))} ";
}
