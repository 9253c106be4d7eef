using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Writing;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Reads versions of resources.</summary>
internal static class VersionReader
{
    public const string Columns = """
        v.version_id, v.last_updated, r.holder, p.key, v.body, v.labels, v.root_mask, v.change_mask, v.changes, v.content_date, v.is_deleted, v.method, r.type, r.id,
        v.checksum, v.no
        """;
    private const string Current =
        $"SELECT {Columns} FROM resource r CROSS JOIN version v ON v.no = r.version LEFT JOIN person p ON p.no = r.person";
    private const string Any = $"SELECT {Columns} FROM resource r CROSS JOIN version v ON v.no = ?3 LEFT JOIN person p ON p.no = r.person";

    private const string OfSql =
        $"SELECT {Columns} FROM resource r CROSS JOIN version v ON v.no = ?2 LEFT JOIN person p ON p.no = r.person WHERE r.key = ?1";

    private const string FindSql = $"{Current} WHERE r.type = ?1 AND r.id = ?2";
    private const string AnySql = $"{Any} WHERE r.type = ?1 AND r.id = ?2";
    private const string ByKeySql = $"{Current} WHERE r.key = ?1";
    private const string SliceSql = $"{Current} WHERE r.is_deleted = 0 AND (r.type, r.id) > (?1, ?2) ORDER BY r.type, r.id LIMIT ?3";

    public static StoredVersion? Find(Connection connection, string type, string id)
    {
        using var row = connection.Use(FindSql).Bind(1, type).Bind(2, id);
        return row.Step() ? Read(row, type, id) : null;
    }

    public static long? RootMask(Connection connection, string type, string id)
    {
        using var row = connection.Use("SELECT root_mask FROM resource WHERE type = ?1 AND id = ?2").Bind(1, type).Bind(2, id);
        return row.Step() ? row.Int64(0) : null;
    }

    public static StoredVersion ByKey(Connection connection, long key)
    {
        using var row = connection.Use(ByKeySql).Bind(1, key);
        return row.Step()
            ? Read(row, row.Text(12), row.Text(13)) : throw new InvalidOperationException("A resource disappeared while it was read.");
    }

    public static StoredVersion? FindVersion(Connection connection, string type, string id, string versionId)
    {
        long no;
        using (var found = connection.Use("""
            SELECT c.version FROM resource r CROSS JOIN version_change c ON c.resource = r.key
            WHERE r.type = ?1 AND r.id = ?2 AND c.version_id = ?3 LIMIT 1
            """).Bind(1, type).Bind(2, id).Bind(3, versionId))
        {
            if (!found.Step()) return null;
            no = found.Int64(0);
        }
        return ByNumber(connection, type, id, no);
    }

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<StoredVersion> History(Connection connection, string type, string id)
    {
        var numbers = new List<long>();
        using (var rows = connection.Use("""
            SELECT DISTINCT c.version FROM resource r CROSS JOIN version_change c ON c.resource = r.key
            WHERE r.type = ?1 AND r.id = ?2 ORDER BY c.version DESC
            """).Bind(1, type).Bind(2, id))
            while (rows.Step()) numbers.Add(rows.Int64(0));
        return numbers.ConvertAll(no => ByNumber(connection, type, id, no));
    }

    public static IReadOnlyList<StoredVersion> Slice(Connection connection, string? afterType, string? afterId, int count)
    {
        var versions = new List<StoredVersion>();
        using var rows = connection.Use(SliceSql).Bind(1, afterType ?? "").Bind(2, afterId ?? "").Bind(3, count);
        while (rows.Step()) versions.Add(Read(rows, rows.Text(12), rows.Text(13)));
        return versions;
    }

    /// <summary>The current version for a caller permitted `mask`: the newest that changed something they see; if there is none, the
    /// first.</summary>
    public static VersionStamp? Visible(Connection connection, string type, string id, long mask)
    {
        using var newest = connection.Use("""
            SELECT c.version_id, c.last_updated FROM resource r CROSS JOIN version_change c ON c.resource = r.key
            WHERE r.type = ?1 AND r.id = ?2 AND (c.mask & ~?3) = 0 ORDER BY c.version DESC LIMIT 1
            """).Bind(1, type).Bind(2, id).Bind(3, mask);
        if (newest.Step()) return new VersionStamp(newest.Text(0), Ticks.ToTime(newest.Int64(1)));
        using var first = connection.Use("""
            SELECT c.version_id, c.last_updated FROM resource r CROSS JOIN version_change c ON c.resource = r.key
            WHERE r.type = ?1 AND r.id = ?2 ORDER BY c.version LIMIT 1
            """).Bind(1, type).Bind(2, id);
        return first.Step() ? new VersionStamp(first.Text(0), Ticks.ToTime(first.Int64(1))) : null;
    }

    /// <summary>The current body under the version and time that a caller permitted `mask` sees.</summary>
    public static StoredVersion AsSeen(Connection connection, StoredVersion current, long mask)
    {
        if (ChangeMasks.IsSeenBy(current.Changes, mask)) return current;
        var seen = Visible(connection, current.Type, current.Id, mask)!.Value;
        return seen.VersionId == current.VersionId ? current : current with { VersionId = seen.VersionId, LastUpdated = seen.LastUpdated };
    }

    /// <summary>All versions without their content, newest first.</summary>
    public static IReadOnlyList<StoredVersion> Heads(Connection connection, string type, string id)
    {
        var heads = new List<StoredVersion>();
        using var rows = connection.Use("""
            SELECT DISTINCT c.version, v.version_id, v.last_updated, r.holder, p.key, v.root_mask, v.is_deleted, v.method FROM resource r
            CROSS JOIN version_change c ON c.resource = r.key CROSS JOIN version v ON v.no = c.version
            LEFT JOIN person p ON p.no = r.person WHERE r.type = ?1 AND r.id = ?2 ORDER BY c.version DESC
            """).Bind(1, type).Bind(2, id);
        while (rows.Step())
            heads.Add(new StoredVersion
            {
                Type = type,
                Id = id,
                VersionId = rows.Text(1),
                LastUpdated = Ticks.ToTime(rows.Int64(2)),
                Holder = rows.Text(3),
                Person = rows.TextOrNull(4),
                Body = [],
                Labels = [],
                RootMask = rows.Int64(5),
                ChangeMask = 0,
                IsDeleted = rows.Int64(6) == 1,
                Method = rows.Text(7),
            });
        return heads;
    }

    public static StoredVersion ByNumber(Connection connection, long key, long no)
    {
        using var row = connection.Use(OfSql).Bind(1, key).Bind(2, no);
        return row.Step() ? Read(row) : throw new InvalidOperationException("A version is listed that is not stored.");
    }

    /// <summary>A resource's content under the id, time and method of one of its versions.</summary>
    public static StoredVersion Under(Connection connection, StoredVersion current, long no)
    {
        using var row = connection.Use("SELECT version_id, last_updated, method FROM version WHERE no = ?1").Bind(1, no);
        if (!row.Step()) throw new InvalidOperationException("A version is listed that is not stored.");
        return current with { VersionId = row.Text(0), LastUpdated = Ticks.ToTime(row.Int64(1)), Method = row.Text(2) };
    }

    /// <summary>There is no version before it, or a deletion.</summary>
    public static bool IsCreation(Connection connection, long key, long no)
    {
        using var before = connection.Use("""
            SELECT v.is_deleted FROM version v WHERE v.no = (SELECT max(c.version) FROM version_change c WHERE c.resource = ?1 AND c.version < ?2)
            """).Bind(1, key).Bind(2, no);
        return !before.Step() || before.Int64(0) == 1;
    }

    private static StoredVersion ByNumber(Connection connection, string type, string id, long no)
    {
        using var row = connection.Use(AnySql).Bind(1, type).Bind(2, id).Bind(3, no);
        return row.Step() ? Read(row, type, id) : throw new InvalidOperationException("A version is listed that is not stored.");
    }

    /// <summary>A row of Columns.</summary>
    public static StoredVersion Read(Statement row) => Read(row, row.Text(12), row.Text(13));

    private static StoredVersion Read(Statement row, string type, string id)
    {
        var version = Unchecked(row, type, id);
        return row.Int64OrNull(14) == Checksum.Of(version, version.Changes) ? version : version with { DamagedRow = row.Int64(15) };
    }

    /// <summary>A row of Columns, whether its checksum agrees or not.</summary>
    public static StoredVersion Unchecked(Statement row) => Unchecked(row, row.Text(12), row.Text(13));

    private static StoredVersion Unchecked(Statement row, string type, string id) => new()
    {
        Type = type,
        Id = id,
        VersionId = row.Text(0),
        LastUpdated = Ticks.ToTime(row.Int64(1)),
        Holder = row.Text(2),
        Person = row.TextOrNull(3),
        Body = row.Blob(4),
        Labels = row.Blob(5),
        RootMask = row.Int64(6),
        ChangeMask = row.Int64(7),
        Changes = ChangeMasks.Unpack(row.Bytes(8)),
        ContentDate = Ticks.ToTime(row.Int64OrNull(9)),
        IsDeleted = row.Int64(10) == 1,
        Method = row.Bytes(11) switch
        {
            var m when m.SequenceEqual("POST"u8) => "POST",
            var m when m.SequenceEqual("PUT"u8) => "PUT",
            _ => row.Text(11)
        },
    };
}
