using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Writing;

/// <summary>Removes for good what a store holds of a person, once all that is about them has been deleted in the same transaction
/// (src/docs/operations.md#erasing-a-person). Deleted pages are overwritten where the engine leaves them in its file (SQLite,
/// `secure_delete`).</summary>
internal static class PersonErasure
{
    /// <summary>In this order: what is looked up through another table goes before it.</summary>
    private static readonly string[] Purges =
    [
        "DELETE FROM version_change WHERE resource IN (SELECT key FROM resource WHERE person = ?1) AND version <> (SELECT r.version FROM resource r WHERE r.key = resource)",
        "DELETE FROM version WHERE resource IN (SELECT key FROM resource WHERE person = ?1) AND no <> (SELECT r.version FROM resource r WHERE r.key = resource)",
        .. IndexColumns.Tables.Select(table => string.Intern($"DELETE FROM {table} WHERE resource IN (SELECT key FROM resource WHERE person = ?1)")),
        "DELETE FROM relationship WHERE person = ?1",
        "DELETE FROM backing WHERE person = ?1",
        "DELETE FROM consent_row WHERE person = ?1",
        "DELETE FROM stated_number WHERE patient IN (SELECT patient FROM person_patient WHERE person = ?1)",
        "DELETE FROM person_patient WHERE person = ?1",
        "UPDATE resource SET person = NULL WHERE person = ?1",
        // The row itself says nothing: a random key. Consents have no say any more.
        "UPDATE person SET consent_class = 0, revision = revision + 1, next_boundary = NULL WHERE no = ?1",
    ];

    /// <summary>Whether the versions that are written delete all that is about the person.</summary>
    public static bool IsAll(Connection connection, long person, IReadOnlyList<VersionToWrite> versions)
    {
        var deleted = versions.Where(write => write.Version.IsDeleted).Select(write => (write.Version.Type, write.Version.Id)).ToHashSet();
        using var rows = connection.Use("SELECT type, id FROM resource WHERE person = ?1").Bind(1, person);
        while (rows.Step())
            if (!deleted.Contains((rows.Text(0), rows.Text(1)))) return false;
        return true;
    }

    public static void Purge(Connection connection, long person)
    {
        foreach (var purge in Purges) connection.Use(purge).Bind(1, person).Run();
    }
}
