using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Reads the columns beside a resource's content.</summary>
internal static class HeadReader
{
    public const string Columns = "r.version_id, r.holder, p.key, r.root_mask, r.is_deleted, r.type, r.id";
    // The same walk down the same index whether the id is there or not: to it, or to where it would be.
    private const string FromSql =
        $"SELECT {Columns} FROM resource r LEFT JOIN person p ON p.no = r.person WHERE (r.type, r.id) >= (?1, ?2) ORDER BY r.type, r.id LIMIT 1";
    private const string BeforeSql =
        $"SELECT {Columns} FROM resource r LEFT JOIN person p ON p.no = r.person WHERE (r.type, r.id) < (?1, ?2) ORDER BY r.type DESC, r.id DESC LIMIT 1";

    public static (StoredVersion Head, bool IsIt)? Read(Connection connection, string type, string id) =>
        One(connection.Use(FromSql).Bind(1, type).Bind(2, id), type, id)
            ?? One(connection.Use(BeforeSql).Bind(1, type).Bind(2, id), type, id);

    public static (StoredVersion Head, bool IsIt)? One(Statement row, string type, string id)
    {
        using (row)
        {
            if (!row.Step()) return null;
            var isIt = row.Text(5) == type && row.Text(6) == id;
            return (new StoredVersion
            {
                Type = type,
                Id = id,
                VersionId = row.Text(0),
                LastUpdated = default,
                Holder = row.Text(1),
                Person = row.TextOrNull(2),
                Body = [],
                Labels = [],
                RootMask = row.Int64(3),
                ChangeMask = 0,
                IsDeleted = row.Int64(4) == 1,
                Method = "",
            }, isIt);
        }
    }
}
