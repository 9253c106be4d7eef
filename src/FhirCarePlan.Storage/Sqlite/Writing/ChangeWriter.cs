namespace FhirCarePlan.Storage.Sqlite.Writing;

/// <summary>Writes one change whole or not at all, after looking again at what it was decided on.</summary>
internal sealed class ChangeWriter
{
    private readonly Connection connection;
    private readonly PersonWriter persons;
    private readonly VersionWriter versions;

    public ChangeWriter(Connection connection)
    {
        this.connection = connection;
        persons = new PersonWriter(connection);
        versions = new VersionWriter(connection, persons);
    }

    /// <returns>False when something moved since it was decided; nothing is written then.</returns>
    public bool Write(Change change)
    {
        if (!IsStillAsDecided(change)) return false;
        connection.Use("SAVEPOINT change").Run();
        try
        {
            if (persons.Write(change) && WriteVersions(change))
            {
                connection.Use("RELEASE change").Run();
                return true;
            }
        }
        catch (SqliteFailure failure) when (failure.IsConstraint && connection.IsInTransaction)
        {
            // A unique key was taken meanwhile: the same as any other precondition that no longer holds.
        }
        catch (Exception failure) when (failure is not SqliteFailure)
        {
            TakeBack();
            throw;
        }
        TakeBack();
        return false;
    }

    private bool IsStillAsDecided(Change change)
    {
        foreach (var (key, revision) in change.PersonRevisions)
            if ((persons.Revision(key) ?? 0) != revision) return false;
        for (var i = 0; i < change.Versions.Count; i++)
            if (!versions.IsCurrent(change.Versions[i])) return false;
        return true;
    }

    private bool WriteVersions(Change change)
    {
        for (var i = 0; i < change.Versions.Count; i++)
            if (!versions.Write(change.Versions[i])) return false;
        return true;
    }

    private void TakeBack()
    {
        connection.Use("ROLLBACK TO change").Run();
        connection.Use("RELEASE change").Run();
    }
}
