using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Reads what of a person's relationships counts, and for whose data.</summary>
internal static class BackingReader
{
    public static IReadOnlyList<Backing> OfPerson(Connection connection, string person)
    {
        var backings = new List<Backing>();
        using var rows = connection.Use("""
            SELECT k.party, k.kind, k.actor, k.since, k.until, k.regard FROM person p JOIN backing k ON k.person = p.no
            WHERE p.key = ?1 ORDER BY k.party, k.kind, k.actor, k.regard, k.since
            """).Bind(1, person);
        while (rows.Step())
            backings.Add(new Backing(person, rows.Text(0), rows.Int64(1), rows.Text(2) is { Length: > 0 } actor ? actor : null,
                Ticks.ToTime(rows.Int64(3)),
                rows.Int64(4) == Ticks.Never ? null : Ticks.ToTime(rows.Int64(4)), rows.Text(5)));
        return backings;
    }
}
