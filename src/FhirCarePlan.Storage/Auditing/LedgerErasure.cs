using FhirCarePlan.Storage.Engine;
using System.Globalization;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>Erases payloads that retention no longer needs, in short slices; the chain stays. Rows are erased in the order they came, up to
/// the first that is young enough. The erasure is put on record first, as an event of the ledger itself.</summary>
internal static class LedgerErasure
{
    public const string Erased = "erase", TakenOver = "take-over", Through = "through ";
    private const int SliceRows = 1000;

    /// <summary>The last row that may go.</summary>
    public static long Last(Connection connection, long before)
    {
        LedgerHead.Read(connection, stackalloc byte[32], out var last);
        using var rows = connection.Use("SELECT seq, payload FROM ledger WHERE seq > ?1 ORDER BY seq").Bind(1, last);
        while (rows.Step() && SealedEntry.TicksOf(rows.Bytes(1)) < before) last = rows.Int64(0);
        return last;
    }

    public static AuditEntry Order(AuditEntry order, long last) => order with
    {
        Interaction = Erased,
        Target = "AuditEvent",
        Reason = Through + last.ToString(CultureInfo.InvariantCulture),
        IsPart = false,
        Details = [],
    };

    /// <summary>The last row whose erasure this event puts on record; 0 for any other event.</summary>
    public static long Covers(AuditEntry entry)
    {
        if (entry.Interaction is not (Erased or TakenOver) || entry.Reason?.StartsWith(Through, StringComparison.Ordinal) != true) return 0;
        var number = entry.Reason.AsSpan(Through.Length);
        return long.Parse(number[..(number.IndexOf(',') is >= 0 and var comma ? comma : number.Length)], CultureInfo.InvariantCulture);
    }

    /// <returns>How many rows went; 0: it is done.</returns>
    public static int EraseSlice(Connection connection, long last)
    {
        LedgerHead.Read(connection, stackalloc byte[32], out var erased);
        var through = Math.Min(last, erased + SliceRows);
        var reader = new LedgerReader(connection, new LedgerTextCache());
        var commitments = new List<(long Seq, byte[] Commitment)>();
        using (var rows = connection.Use("SELECT seq, salt, payload FROM ledger WHERE seq BETWEEN ?1 AND ?2 AND salt IS NOT NULL")
            .Bind(1, erased + 1).Bind(2, through))
            while (rows.Step()) commitments.Add((rows.Int64(0), Commitment.Of(rows.Bytes(1), reader.Read(rows.Bytes(2)))));
        foreach (var (seq, commitment) in commitments)
            connection.Use("UPDATE ledger SET salt = NULL, payload = ?2 WHERE seq = ?1").Bind(1, seq).BindBlob(2, commitment).Run();
        if (through > erased) LedgerHead.WriteErased(connection, through);
        return (int)Math.Max(0, through - erased);
    }

    /// <summary>Removes index entries and texts that only the erased rows used.</summary>
    public static void Tidy(Connection connection, LedgerBlocks blocks, long last)
    {
        connection.Use("DELETE FROM ledger_part WHERE part <= ?1").Bind(1, last).Run();
        connection.Use("DELETE FROM ledger_open WHERE seq <= ?1").Bind(1, last).Run();
        var boundary = LedgerBlocks.BlockOf(last + 1);
        blocks.Remove(0, boundary - 1);
        blocks.Forget();
        if (boundary <= blocks.Last) blocks.Renew(boundary);
        ForgetTexts(connection, last);
    }

    private static void ForgetTexts(Connection connection, long last)
    {
        var chapter = LedgerTexts.ChapterOf(last + 1);
        connection.Use("DELETE FROM ledger_text WHERE chapter < ?1").Bind(1, chapter).Run();
        var named = new HashSet<long>();
        using (var rows = connection.Use("SELECT payload FROM ledger WHERE seq BETWEEN ?1 AND ?2 AND salt IS NOT NULL").Bind(1, last + 1)
            .Bind(2, (chapter + 1) * LedgerTexts.ChapterRows))
            while (rows.Step()) SealedEntry.NumbersOf(rows.Bytes(0), named);
        var unnamed = new List<long>();
        using (var texts = connection.Use("SELECT no FROM ledger_text WHERE chapter = ?1").Bind(1, chapter))
            while (texts.Step())
                if (!named.Contains(texts.Int64(0))) unnamed.Add(texts.Int64(0));
        foreach (var no in unnamed) connection.Use("DELETE FROM ledger_text WHERE no = ?1").Bind(1, no).Run();
    }
}
