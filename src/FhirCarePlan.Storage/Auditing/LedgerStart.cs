using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>Before the first row is written: the ledger belongs to this key, what an older program kept is taken over, and events that a
/// crash left open are closed.</summary>
internal static class LedgerStart
{
    private const string KeyMark = "ledger-key";

    /// <exception cref="LedgerKeyException">The ledger was begun with another key.</exception>
    public static void CheckKey(Connection connection, LedgerKey key, bool isNew = false)
    {
        string? known;
        using (var row = connection.Use("SELECT value FROM setting WHERE name = 'ledger-key'")) known = row.Step() ? row.Text(0) : null;
        if (known == key.Mark) return;
        if (known is not null || !isNew) throw new LedgerKeyException("the ledger of this database was begun with another key");
        connection.Use("INSERT INTO setting (name, value) VALUES (?1, ?2)").Bind(1, KeyMark).Bind(2, key.Mark).Run();
    }

    public static bool HasHead(Connection connection)
    {
        using var head = connection.Use("SELECT 1 FROM ledger_head");
        return head.Step();
    }

    /// <param name="before">Only events whose last part is older: another process may still be at work on the rest.</param>
    public static void CloseInterrupted(Connection connection, LedgerKey key, DateTimeOffset? before = null)
    {
        var open = new List<long>();
        using (var rows = connection.Use("SELECT max(seq) FROM ledger_open GROUP BY event"))
            while (rows.Step()) open.Add(rows.Int64(0));
        if (open.Count == 0) return;
        var (log, reader) = (new LedgerLog(connection, key), new LedgerReader(connection, new LedgerTextCache()));
        log.ReadHead();
        foreach (var seq in open)
            if (reader.Row(seq) is { } part && (before is null || part.At < before))
                log.Append(new SealedEntry(part with
                {
                    IsPart = false,
                    Details = [],
                    Outcome = AuditOutcome.Serious,
                    Status = 503,
                    Reason = "interrupted"
                }));
        log.WriteHead();
    }
}
