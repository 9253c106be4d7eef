using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Reads persons and what hangs on them.</summary>
internal static class PersonReader
{
    public const string Columns = "p.key, p.consent_class, p.revision, p.next_boundary";
    public const string RelationshipColumns = "p.key, k.party, k.kind, k.actor, k.since, k.until, k.cause, k.asserter, k.answers";

    public static Person? Find(Connection connection, string key)
    {
        using var row = connection.Use($"SELECT {Columns} FROM person p WHERE p.key = ?1").Bind(1, key);
        return row.Step() ? ReadPerson(row) : null;
    }

    public static IReadOnlyList<Person> PastBoundary(Connection connection, DateTimeOffset now)
    {
        var persons = new List<Person>();
        using var rows = connection.Use($"SELECT {Columns} FROM person p WHERE p.next_boundary <= ?1 ORDER BY p.next_boundary")
            .Bind(1, now.UtcTicks);
        while (rows.Step()) persons.Add(ReadPerson(rows));
        return persons;
    }

    /// <summary>0 when there is no such person.</summary>
    public static long Number(Connection connection, string? key)
    {
        if (key is null) return 0;
        using var row = connection.Use("SELECT no FROM person WHERE key = ?1").Bind(1, key);
        return row.Step() ? row.Int64(0) : 0;
    }

    public static string? OfPatient(Connection connection, string patientId)
    {
        using var row = connection.Use("SELECT p.key FROM person_patient l JOIN person p ON p.no = l.person WHERE l.patient = ?1")
            .Bind(1, patientId);
        return row.Step() ? row.Text(0) : null;
    }

    public static IReadOnlyList<Person> Slice(Connection connection, string? after, int count)
    {
        var persons = new List<Person>();
        using var rows = connection.Use($"SELECT {Columns} FROM person p WHERE p.key > ?1 ORDER BY p.key LIMIT ?2").Bind(1, after ?? "")
            .Bind(2, count);
        while (rows.Step()) persons.Add(ReadPerson(rows));
        return persons;
    }

    public static IReadOnlyList<string> Patients(Connection connection, string person)
    {
        var patients = new List<string>();
        using var rows = connection.Use("""
            SELECT l.patient FROM person p JOIN person_patient l ON l.person = p.no WHERE p.key = ?1 ORDER BY l.patient
            """).Bind(1, person);
        while (rows.Step()) patients.Add(rows.Text(0));
        return patients;
    }

    public static IReadOnlyList<Relationship> Relationships(Connection connection, string person) => ReadRelationships(connection.Use($"""
        SELECT {RelationshipColumns} FROM person p JOIN relationship k ON k.person = p.no WHERE p.key = ?1 ORDER BY k.party, k.kind, k.actor, k.since
        """).Bind(1, person));

    public static IReadOnlyList<Relationship> RelationshipsByCause(Connection connection, string cause) => ReadRelationships(connection.Use($"""
        SELECT {RelationshipColumns} FROM relationship k JOIN person p ON p.no = k.person WHERE k.cause = ?1 ORDER BY p.key, k.party, k.kind, k.actor, k.since
        """).Bind(1, cause));

    public static IReadOnlyList<ConsentRow> Consents(Connection connection, string person)
    {
        var consents = new List<ConsentRow>();
        using var rows = connection.Use("""
            SELECT c.consent, c.facts, c.lapses_at FROM person p JOIN consent_row c ON c.person = p.no WHERE p.key = ?1 ORDER BY c.consent, c.facts
            """).Bind(1, person);
        while (rows.Step()) consents.Add(new ConsentRow(person, rows.Text(0), rows.Text(1), Ticks.ToTime(rows.Int64OrNull(2))));
        return consents;
    }

    public static Person ReadPerson(Statement row) => new(row.Text(0), row.Int32(1), row.Int64(2), Ticks.ToTime(row.Int64OrNull(3)));

    public static IReadOnlyList<Relationship> ReadRelationships(Statement rows)
    {
        var relationships = new List<Relationship>();
        using (rows)
            while (rows.Step())
            {
                var (actor, until) = (rows.Text(3), rows.Int64(5));
                relationships.Add(new Relationship(rows.Text(0), rows.Text(1), rows.Int64(2), actor.Length == 0 ? null : actor,
                    Ticks.ToTime(rows.Int64(4)), until == Ticks.Never
                        ? null : Ticks.ToTime(until), rows.Text(6), rows.Text(7), rows.Text(8) is { Length: > 0 } answers
                        ? answers : null));
            }
        return relationships;
    }
}
