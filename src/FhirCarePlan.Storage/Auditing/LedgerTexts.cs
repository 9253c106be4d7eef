using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>Gives numbers to texts that repeat. A text gets a new number in each chapter, so that it can go when its chapter's rows
/// have.</summary>
internal sealed class LedgerTexts(Connection connection)
{
    public const int ChapterRows = 65536;

    private readonly Dictionary<string, long> known = new(StringComparer.Ordinal);
    private long chapter = -1;

    public static long ChapterOf(long seq) => (seq - 1) / ChapterRows;

    /// <summary>Numbers are those of the chapter of this row from here on.</summary>
    public void Enter(long seq)
    {
        if (ChapterOf(seq) is var next && next == chapter) return;
        Forget();
        chapter = next;
    }

    /// <summary>After a rollback or an erasure: texts that were numbered may be gone.</summary>
    public void Forget()
    {
        known.Clear();
        chapter = -1;
    }

    public long NumberOf(string text)
    {
        if (known.TryGetValue(text, out var number)) return number;
        using (var row = connection.Use("SELECT no FROM ledger_text WHERE text = ?1 AND chapter = ?2").Bind(1, text).Bind(2, chapter))
            number = row.Step() ? row.Int64(0) : 0;
        if (number == 0)
        {
            number = connection.Insert(connection.Use("INSERT INTO ledger_text (no, chapter, text) VALUES (?1, ?2, ?3)").Bind(2, chapter)
                .Bind(3, text));
        }
        return known[text] = number;
    }
}
