using System.Text;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage.Writing;

/// <summary>The words of a resource, gathered by their labels: the texts of a resource are many, the different labels few.</summary>
internal static class WordTuples
{
    /// <summary>A row that grows beyond this is followed by another.</summary>
    private const int LongRow = 30_000, LongestWord = 64;

    public static void Add(IReadOnlyList<IndexRow> rows, List<IndexTuple> to)
    {
        Dictionary<(int Param, long Labels), SortedSet<string>>? all = null;
        foreach (var (entry, labels) in rows)
        {
            if (entry.Kind != SearchType.Special || entry.Text is not { } text) continue;
            var key = (entry.Parameter.Id, labels);
            if (!(all ??= []).TryGetValue(key, out var words)) all[key] = words = new(StringComparer.Ordinal);
            foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                if (word.Length <= LongestWord) words.Add(word);
        }
        foreach (var ((param, labels), words) in all ?? []) Write(param, labels, words, to);
    }

    private static void Write(int param, long labels, SortedSet<string> words, List<IndexTuple> to)
    {
        var row = new StringBuilder();
        foreach (var word in words)
        {
            if (row.Length > LongRow) Flush();
            if (row.Length > 0) row.Append(' ');
            row.Append(word);
        }
        Flush();

        void Flush()
        {
            if (row.Length == 0) return;
            to.Add(new(IndexTable.Words, param, labels, row.ToString(), "", "", 0, 0, 0, 0, 0));
            row.Clear();
        }
    }
}
