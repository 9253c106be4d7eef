using FhirCarePlan.Storage.Auditing;

namespace FhirCarePlan.Storage.Sqlite.Auditing;

/// <summary>Before the first row is written: the ledger belongs to this key, what an older program kept is taken over, and events that a
/// crash left open are closed.</summary>
internal static class LedgerStart
{
    private const string KeyMark = "ledger-key";

    /// <exception cref="LedgerKeyException">The ledger was begun with another key.</exception>
    public static void Run(Connection connection, LedgerKey key, LedgerOverflowFile overflow)
    {
        connection.Execute("BEGIN EXCLUSIVE");
        try
        {
            var isNew = !HasHead(connection);
            CheckKey(connection, key, isNew);
            if (isNew)
            {
                LedgerHead.Begin(connection, OldLedger.Head(connection));
                OldLedger.TakeOver(connection, key);
            }
            // An event that the overflow closes was not interrupted.
            overflow.Recover(connection);
            CloseInterrupted(connection, key);
            connection.Execute("COMMIT");
            overflow.Clear();
        }
        catch
        {
            if (connection.IsInTransaction) connection.Execute("ROLLBACK");
            throw;
        }
    }

    /// <exception cref="LedgerKeyException">The ledger was begun with another key.</exception>
    public static void CheckKey(Connection connection, LedgerKey key, bool isNew = false)
    {
        string? known;
        using (var row = connection.Use("SELECT value FROM setting WHERE name = 'ledger-key'")) known = row.Step() ? row.Text(0) : null;
        if (known == key.Mark) return;
        if (known is not null || !isNew) throw new LedgerKeyException("the ledger of this database was begun with another key");
        connection.Use("INSERT INTO setting (name, value) VALUES (?1, ?2)").Bind(1, KeyMark).Bind(2, key.Mark).Run();
    }

    private static bool HasHead(Connection connection)
    {
        using var head = connection.Use("SELECT 1 FROM ledger_head");
        return head.Step();
    }

    private static void CloseInterrupted(Connection connection, LedgerKey key)
    {
        var open = new List<long>();
        using (var rows = connection.Use("SELECT max(seq) FROM ledger_open GROUP BY event"))
            while (rows.Step()) open.Add(rows.Int64(0));
        if (open.Count == 0) return;
        var (log, reader) = (new LedgerLog(connection, key), new LedgerReader(connection, new LedgerTextCache()));
        log.ReadHead();
        foreach (var seq in open)
            if (reader.Row(seq) is { } part)
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
