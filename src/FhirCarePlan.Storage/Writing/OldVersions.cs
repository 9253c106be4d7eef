using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Reading;

namespace FhirCarePlan.Storage.Writing;

/// <summary>Gives versions that an older program wrote their checksums, before the first reader comes, once for each database. From then on a
/// version without one is damaged.</summary>
internal static class OldVersions
{
    private const string Mark = "checksums";
    private const int Slice = 500;

    private const string NextSql = $"""
        SELECT {VersionReader.Columns} FROM version v CROSS JOIN resource r ON r.key = v.resource LEFT JOIN person p ON p.no = r.person
        WHERE v.no > ?1 AND v.checksum IS NULL ORDER BY v.no LIMIT ?2
        """;

    /// <param name="afterSlice">What the engine does between two slices.</param>
    public static void Fill(Connection connection, Action? afterSlice = null)
    {
        for (long last = 0, next = 0; next >= 0; last = next)
        {
            connection.InOneWrite(() => next = IsDone(connection) ? -1 : FillSlice(connection, last));
            afterSlice?.Invoke();
        }
    }

    private static bool IsDone(Connection connection)
    {
        using var mark = connection.Use("SELECT 1 FROM setting WHERE name = 'checksums'");
        return mark.Step();
    }

    /// <returns>The last row of the slice; -1 after the last slice.</returns>
    private static long FillSlice(Connection connection, long after)
    {
        var found = new List<(long Row, long Checksum)>();
        using (var rows = connection.Use(NextSql).Bind(1, after).Bind(2, Slice))
            while (rows.Step())
                if (VersionReader.Unchecked(rows) is var version) found.Add((rows.Int64(15), Checksum.Of(version, version.Changes)));
        foreach (var (row, checksum) in found)
            connection.Use("UPDATE version SET checksum = ?2 WHERE no = ?1").Bind(1, row).Bind(2, checksum).Run();
        if (found.Count == Slice) return found[^1].Row;
        connection.Use("INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING").Bind(1, Mark).Bind(2, "1").Run();
        return -1;
    }
}
