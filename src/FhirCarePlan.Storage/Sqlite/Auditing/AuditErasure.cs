namespace FhirCarePlan.Storage.Sqlite.Auditing;

/// <summary>Lets payloads go that retention no longer wants, in short slices; the chain stays. Rows go in the order in which they came:
/// the first row that is young enough ends it.</summary>
internal static class AuditErasure
{
    private const int SliceRows = 1000;

    /// <returns>How many rows went; fewer than a slice: it is done.</returns>
    public static bool EraseSlice(Connection connection, long before, out int erased)
    {
        erased = 0;
        long first, last = 0;
        using (var rows = connection.Use("SELECT seq, at FROM audit_payload ORDER BY seq LIMIT ?1").Bind(1, SliceRows))
        {
            first = 0;
            while (rows.Step() && rows.Int64(1) < before)
            {
                if (first == 0) first = rows.Int64(0);
                last = rows.Int64(0);
                erased++;
            }
        }
        if (erased == 0) return false;
        connection.Use("DELETE FROM audit_payload WHERE seq BETWEEN ?1 AND ?2").Bind(1, first).Bind(2, last).Run();
        connection.Use("""
            DELETE FROM audit_facet WHERE seq BETWEEN ?1 AND ?2
                AND block IN (SELECT no FROM audit_block WHERE first <= ?2 AND last >= ?1)
            """).Bind(1, first).Bind(2, last).Run();
        connection.Use("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)").Bind(1, AuditChain.ErasedThrough).Bind(2, last.ToString()).Run();
        return erased == SliceRows;
    }
}
