using System.Text.Json;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Writing;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Reads the hits of a page. Where the database is far a slice of them comes in one trip, without those that are so large that a
/// slice of them would fill memory.</summary>
internal sealed class HitReader(Connection connection)
{
    private const int MostBytes = 1 << 18;

    private const string SliceSql = $"""
        SELECT {VersionReader.Columns}, r.key FROM json_each(?1) k CROSS JOIN resource r ON r.key = CAST(k.value ->> 0 AS bigint)
        CROSS JOIN version v ON v.no = r.version LEFT JOIN person p ON p.no = r.person WHERE length(v.body) <= ?2
        """;

    /// <summary>As <see cref="VersionReader.Visible"/>, of many.</summary>
    private const string VisibleSql = """
        SELECT c.resource, c.version_id, c.last_updated FROM json_each(?1) k
        CROSS JOIN version_change c ON c.resource = CAST(k.value ->> 0 AS bigint) AND c.version = COALESCE(
            (SELECT max(n.version) FROM version_change n
                WHERE n.resource = CAST(k.value ->> 0 AS bigint) AND (n.mask & ~CAST(k.value ->> 1 AS bigint)) = 0),
            (SELECT min(n.version) FROM version_change n WHERE n.resource = CAST(k.value ->> 0 AS bigint)))
        """;

    public int Slice { get; } = connection.IsFar ? 20 : 1;

    public List<StoredVersion> Read(IReadOnlyList<SearchReader.Match> matches)
    {
        if (matches.Count == 1) return [VersionReader.AsSeen(connection, VersionReader.ByKey(connection, matches[0].Key), matches[0].Mask)];
        var versions = new Dictionary<long, StoredVersion>();
        using (var rows = connection.Use(SliceSql).BindUtf8(1, List(matches)).Bind(2, MostBytes))
            while (rows.Step()) versions[rows.Int64(16)] = VersionReader.Read(rows);
        var older = matches.Where(match => versions.TryGetValue(match.Key, out var version) && !ChangeMasks.IsSeenBy(version.Changes, match.Mask)).ToList();
        if (older.Count > 0)
            using (var rows = connection.Use(VisibleSql).BindUtf8(1, List(older)))
                while (rows.Step())
                    versions[rows.Int64(0)] = versions[rows.Int64(0)] with { VersionId = rows.Text(1), LastUpdated = Ticks.ToTime(rows.Int64(2)) };
        return [.. matches.Select(match => versions.TryGetValue(match.Key, out var version) ? version
            : VersionReader.AsSeen(connection, VersionReader.ByKey(connection, match.Key), match.Mask))];
    }

    private static byte[] List(IReadOnlyList<SearchReader.Match> matches) => JsonSerializer.SerializeToUtf8Bytes(matches.Select(match => new[] { match.Key, match.Mask }));
}
