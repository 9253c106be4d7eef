using FhirCarePlan.Storage.Engine;
using System.Buffers;
using System.Text.Json;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Reads the current versions of many resources with one statement, however many there are: the list goes in as JSON.</summary>
internal static class VersionsReader
{
    private const string FindAllSql = $"""
        SELECT {VersionReader.Columns} FROM json_each(?1) k
        CROSS JOIN resource r ON r.type = json_extract(k.value, '$[0]') AND r.id = json_extract(k.value, '$[1]')
        CROSS JOIN version v ON v.no = r.version LEFT JOIN person p ON p.no = r.person
        """;

    private const string AboutSql = $"""
        SELECT {VersionReader.Columns} FROM person p CROSS JOIN json_each(?2) k CROSS JOIN resource r ON r.person = p.no AND r.type = k.value
        CROSS JOIN version v ON v.no = r.version
        WHERE p.key = ?1 AND r.is_deleted = 0 AND (?3 IS NULL OR EXISTS (SELECT 1 FROM index_token t WHERE t.resource = r.key AND t.code = ?3))
        ORDER BY r.type, r.id
        """;

    public static IReadOnlyList<StoredVersion> FindAll(Connection connection, IReadOnlyList<(string Type, string Id)> resources)
    {
        if (resources.Count == 0) return [];
        var list = new ArrayBufferWriter<byte>(32 * resources.Count);
        using (var json = new Utf8JsonWriter(list))
        {
            json.WriteStartArray();
            foreach (var (type, id) in resources)
            {
                json.WriteStartArray();
                json.WriteStringValue(type);
                json.WriteStringValue(id);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        return Read(connection.Use(FindAllSql).BindUtf8(1, list.WrittenSpan));
    }

    public static IReadOnlyList<StoredVersion> About(Connection connection, string person, IReadOnlyList<string> types, string? code) =>
        Read(connection.Use(AboutSql).Bind(1, person).BindUtf8(2, JsonSerializer.SerializeToUtf8Bytes(types)).Bind(3, code));

    private static List<StoredVersion> Read(Statement rows)
    {
        var versions = new List<StoredVersion>();
        using (rows)
            while (rows.Step()) versions.Add(VersionReader.Read(rows));
        return versions;
    }
}
