using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Writing;

/// <summary>Writes versions of resources: a new resource, the next version of one, or the same version again with other labels.</summary>
internal sealed class VersionWriter(Connection connection, PersonWriter persons, Foreseen foreseen)
{
    private readonly IndexWriter index = new(connection);

    /// <summary>Whether the version is still the one it was decided against.</summary>
    public bool IsCurrent(VersionToWrite write)
    {
        if (foreseen.Find(write.Version.Type, write.Version.Id) is not { } current) return write.Replaces is null;
        return write.Replaces is not null && (current.VersionId == write.Replaces || IsRelabelling(write));
    }

    /// <summary>Whether the targets still have the root labels that the references to them carry.</summary>
    public bool HasRoot(string type, string id, long? mask) => foreseen.Find(type, id)?.Root == mask;

    /// <returns>False when something moved after all: an earlier version in the same change, or a unique id.</returns>
    public bool Write(VersionToWrite write)
    {
        var person = write.Version.Person is { } key ? persons.Number(key) : (long?)null;
        if (write.Replaces is null) return Create(write, person);
        return IsRelabelling(write) ? Relabel(write, person) : Update(write, person);
    }

    /// <summary>The same version id again: rewrites labels, masks and index rows without a new version.</summary>
    private static bool IsRelabelling(VersionToWrite write) => write.Replaces == write.Version.VersionId;

    private bool Create(VersionToWrite write, long? person)
    {
        var version = write.Version;
        var resource = connection.Insert(connection.Use("""
            INSERT INTO resource (key, type, id, holder, person, root_mask, is_deleted, version, version_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8)
            """).Bind(2, version.Type).Bind(3, version.Id).Bind(4, version.Holder).Bind(5, person).Bind(6, version.RootMask)
            .Bind(7, version.IsDeleted ? 1 : 0).Bind(8, version.VersionId));
        var no = Insert(resource, version);
        connection.Use("UPDATE resource SET version = ?2 WHERE key = ?1").Bind(1, resource).Bind(2, no).Run();
        foreseen.Now(version.Type, version.Id, new(resource, no, version.VersionId, version.RootMask));
        Changed(resource, no, version);
        index.WriteNew(resource, write);
        return true;
    }

    private bool Update(VersionToWrite write, long? person)
    {
        var version = write.Version;
        if (foreseen.Find(version.Type, version.Id) is not { } known || known.VersionId != write.Replaces) return false;
        var resource = known.Key;
        var no = Insert(resource, version);
        SetCurrent(resource, no, version, person);
        NoLongerLead(resource, version);
        Changed(resource, no, version);
        WriteIndex(resource, write);
        return true;
    }

    private bool Relabel(VersionToWrite write, long? person)
    {
        var version = write.Version;
        if (foreseen.Find(version.Type, version.Id) is not { } known) return false;
        if (version.DamagedRow is not null) return Hide(known, version);
        var (resource, no) = (known.Key, known.Version);
        if (known.VersionId == version.VersionId)
        {
            SetCurrent(resource, no, version, person);
            WriteIndex(resource, write);
        }
        else if (FindOlder(resource, version.VersionId) is { } older) no = older;
        else return false;

        var changes = ChangeMasks.Smallest(version.Changes);
        connection.Use("""
            UPDATE version SET root_mask = ?2, change_mask = ?3, changes = ?4, labels = ?5, body = ?6, content_date = ?7, last_updated = ?8,
                method = ?9, is_deleted = ?10, checksum = ?11 WHERE no = ?1
            """).Bind(1, no).Bind(2, version.RootMask).Bind(3, version.ChangeMask).BindBlob(4, ChangeMasks.Pack(changes))
            .BindBlob(5, version.Labels).BindBlob(6, version.Body).Bind(7, Ticks.Of(version.ContentDate)).Bind(8, version.LastUpdated.UtcTicks)
            .Bind(9, version.Method).Bind(10, version.IsDeleted ? 1 : 0).Bind(11, Checksum.Of(version, changes)).Run();
        connection.Use("DELETE FROM version_change WHERE resource = ?1 AND version = ?2").Bind(1, resource).Bind(2, no).Run();
        Changed(resource, no, version);
        // Masks of any version may be others than before.
        connection.Use("""
            UPDATE version_change SET leads = CASE WHEN version > (SELECT min(f.version) FROM version_change f WHERE f.resource = ?1)
                AND EXISTS (SELECT 1 FROM version_change n WHERE n.resource = ?1 AND n.version > version_change.version AND (n.mask & ~version_change.mask) = 0)
                THEN 0 ELSE 1 END WHERE resource = ?1
            """).Bind(1, resource).Run();
        return true;
    }

    /// <summary>What cannot be labelled again must not be found by old labels: from here on it is in nobody's view. Its version stays as it
    /// is.</summary>
    private bool Hide(Foreseen.Resource known, StoredVersion version)
    {
        if (known.VersionId != version.VersionId) return true;
        connection.Use("UPDATE resource SET root_mask = ?2 WHERE key = ?1").Bind(1, known.Key).Bind(2, Nobodys).Run();
        foreseen.Now(version.Type, version.Id, known with { Root = Nobodys });
        index.Clear(known.Key);
        return true;
    }

    /// <summary>Every bit that a category can have: no caller is permitted them all.</summary>
    private const long Nobodys = long.MaxValue;

    private long? FindOlder(long resource, string versionId)
    {
        using var row = connection.Use("SELECT version FROM version_change WHERE resource = ?1 AND version_id = ?2 LIMIT 1")
            .Bind(1, resource).Bind(2, versionId);
        return row.Step() ? row.Int64(0) : null;
    }

    private long Insert(long resource, StoredVersion version)
    {
        var changes = ChangeMasks.Smallest(version.Changes);
        return connection.Insert(connection.Use("""
            INSERT INTO version (no, resource, version_id, last_updated, method, is_deleted, content_date, root_mask, change_mask, changes, labels, body, checksum)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
            """).Bind(2, resource).Bind(3, version.VersionId).Bind(4, version.LastUpdated.UtcTicks).Bind(5, version.Method).Bind(6, version.IsDeleted ? 1 : 0)
            .Bind(7, Ticks.Of(version.ContentDate)).Bind(8, version.RootMask).Bind(9, version.ChangeMask).BindBlob(10, ChangeMasks.Pack(changes))
            .BindBlob(11, version.Labels).BindBlob(12, version.Body).Bind(13, Checksum.Of(version, changes)));
    }

    private void SetCurrent(long resource, long no, StoredVersion version, long? person)
    {
        connection.Use("""
            UPDATE resource SET version = ?2, version_id = ?3, person = ?4, root_mask = ?5, is_deleted = ?6 WHERE key = ?1
            """).Bind(1, resource).Bind(2, no).Bind(3, version.VersionId).Bind(4, person).Bind(5, version.RootMask)
            .Bind(6, version.IsDeleted ? 1 : 0).Run();
        foreseen.Now(version.Type, version.Id, new(resource, no, version.VersionId, version.RootMask));
    }

    private void Changed(long resource, long no, StoredVersion version)
    {
        var masks = ChangeMasks.Smallest(version.Changes);
        if (masks.Length == 0) masks = [ChangeMasks.Nobody];
        foreach (var mask in masks)
            connection.Use("""
                INSERT INTO version_change (resource, version, mask, version_id, last_updated, type, leads) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1)
                """).Bind(1, resource).Bind(2, no).Bind(3, mask).Bind(4, version.VersionId).Bind(5, version.LastUpdated.UtcTicks)
                .Bind(6, version.Type).Run();
    }

    /// <summary>A change that everybody who saw it sees overtaken is nobody's newest. The first version stays, for whom no change is
    /// permitted.</summary>
    private void NoLongerLead(long resource, StoredVersion version)
    {
        foreach (var mask in ChangeMasks.Smallest(version.Changes))
            connection.Use("""
                UPDATE version_change SET leads = 0 WHERE resource = ?1 AND leads = 1 AND (?2 & ~mask) = 0
                    AND version > (SELECT min(f.version) FROM version_change f WHERE f.resource = ?1)
                """).Bind(1, resource).Bind(2, mask).Run();
    }

    private void WriteIndex(long resource, VersionToWrite write)
    {
        if (write.Version.IsDeleted) index.Clear(resource);
        else index.Replace(resource, write);
    }
}
