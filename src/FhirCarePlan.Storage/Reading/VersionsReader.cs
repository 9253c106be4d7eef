using FhirCarePlan.Storage.Engine;
namespace FhirCarePlan.Storage.Reading;

/// <summary>Reads the current versions of many resources with one statement, however many there are: the list goes in as JSON.</summary>
internal static class VersionsReader
{
    private const string FindAllSql = $"""
        SELECT {VersionReader.Columns} FROM json_each(?1) k
        CROSS JOIN resource r ON r.type = k.value ->> 0 AND r.id = k.value ->> 1
        CROSS JOIN version v ON v.no = r.version LEFT JOIN person p ON p.no = r.person
        """;

    private const string AboutSql = $"""
        SELECT {VersionReader.Columns} FROM json_each(?2) k CROSS JOIN person p ON p.key = ?1 CROSS JOIN resource r ON r.person = p.no AND r.type = k.value ->> 0
        CROSS JOIN version v ON v.no = r.version
        WHERE r.is_deleted = 0 AND (?3 IS NULL OR EXISTS (SELECT 1 FROM index_token t WHERE t.resource = r.key AND t.code = ?3))
        ORDER BY r.type, r.id
        """;

    private const string OfPersonSql = $"""
        SELECT {VersionReader.Columns} FROM person p CROSS JOIN resource r ON r.person = p.no CROSS JOIN version v ON v.no = r.version
        WHERE p.key = ?1 ORDER BY r.type, r.id
        """;

    public static IReadOnlyList<StoredVersion> FindAll(Connection connection, IReadOnlyList<(string Type, string Id)> resources)
    {
        if (resources.Count == 0) return [];
        return Read(Asking(connection, resources));
    }

    /// <summary>The question, for <see cref="Read"/> to read its answer.</summary>
    public static Statement Asking(Connection connection, IReadOnlyList<(string Type, string Id)> resources) =>
        connection.Use(FindAllSql).BindUtf8(1, Tuples.Of(resources, one => one.Type, one => one.Id));

    public static IReadOnlyList<StoredVersion> About(Connection connection, string person, IReadOnlyList<string> types, string? code) =>
        Read(connection.Use(AboutSql).Bind(1, person).BindUtf8(2, Tuples.Of(types, type => type)).Bind(3, code));

    public static IReadOnlyList<StoredVersion> OfPerson(Connection connection, string person) =>
        Read(connection.Use(OfPersonSql).Bind(1, person));

    public static DateTimeOffset? LastWritten(Connection connection, string person)
    {
        using var row = connection.Use("""
            SELECT max(v.last_updated) FROM person p CROSS JOIN resource r ON r.person = p.no CROSS JOIN version v ON v.no = r.version WHERE p.key = ?1
            """).Bind(1, person);
        return row.Step() ? Ticks.ToTime(row.Int64OrNull(0)) : null;
    }

    public static List<StoredVersion> Read(Statement rows)
    {
        var versions = new List<StoredVersion>();
        using (rows)
            while (rows.Step()) versions.Add(VersionReader.Read(rows));
        return versions;
    }
}
