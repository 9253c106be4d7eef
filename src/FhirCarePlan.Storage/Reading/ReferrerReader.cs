using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Reading;

/// <summary>The resources that refer to another: by an indexed reference, by one that no search parameter covers, or by one that only an
/// older version has. All are in index_reference; the last two under a parameter that nobody can search by.</summary>
internal static class ReferrerReader
{
    /// <summary>Parameter of a reference kept for this reader alone. Parameters' own numbers are hashes, above it.</summary>
    public const int Mention = 0;

    public static IReadOnlyList<(string Type, string Id)> Of(Connection connection, string type, string id)
    {
        var referrers = new List<(string, string)>();
        using var rows = connection.Use("""
            SELECT DISTINCT r.type, r.id FROM index_reference i CROSS JOIN resource r ON r.key = i.resource
            WHERE i.id = ?1 AND i.address = '' AND i.type = ?2 ORDER BY r.type, r.id
            """).Bind(1, id).Bind(2, type);
        while (rows.Step()) referrers.Add((rows.Text(0), rows.Text(1)));
        return referrers;
    }

    public static int Count(Connection connection, string type, string id)
    {
        using var row =
            connection.Use("SELECT count(DISTINCT i.resource) FROM index_reference i WHERE i.id = ?1 AND i.address = '' AND i.type = ?2")
            .Bind(1, id).Bind(2, type);
        row.Step();
        return row.Int32(0);
    }
}
