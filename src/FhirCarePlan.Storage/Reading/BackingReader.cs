using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Reads what of a person's relationships counts, and for whose data.</summary>
internal static class BackingReader
{
    public const string Columns = "k.party, k.kind, k.actor, k.since, k.until, k.regard";

    public static IReadOnlyList<Backing> OfPerson(Connection connection, string person)
    {
        var backings = new List<Backing>();
        using var rows = connection.Use($"""
            SELECT {Columns} FROM person p JOIN backing k ON k.person = p.no
            WHERE p.key = ?1 ORDER BY k.party, k.kind, k.actor, k.regard, k.since
            """).Bind(1, person);
        while (rows.Step()) backings.Add(Read(rows, person));
        return backings;
    }

    /// <summary>A row of Columns.</summary>
    public static Backing Read(Statement row, string person) => new(person, row.Text(0), row.Int64(1), row.Text(2) is { Length: > 0 } actor ? actor : null,
        Ticks.ToTime(row.Int64(3)), row.Int64(4) == Ticks.Never ? null : Ticks.ToTime(row.Int64(4)), row.Text(5));
}
