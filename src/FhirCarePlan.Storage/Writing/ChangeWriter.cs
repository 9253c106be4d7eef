using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Storage.Reading;

namespace FhirCarePlan.Storage.Writing;

internal enum Written { Whole, /* nothing was written */ Stale, /* some of it was written: the transaction must be taken back */ Torn }

/// <summary>Writes one change whole or not at all, after re-checking the state it was decided on.</summary>
internal sealed class ChangeWriter
{
    private readonly Connection connection;
    private readonly Foreseen foreseen;
    private readonly PersonWriter persons;
    private readonly VersionWriter versions;

    public ChangeWriter(Connection connection, Foreseen foreseen)
    {
        (this.connection, this.foreseen) = (connection, foreseen);
        persons = new PersonWriter(connection, foreseen);
        versions = new VersionWriter(connection, persons, foreseen);
    }

    /// <param name="inSavepoint">True: a change that fails takes itself back. False: it says `Torn`; a savepoint copies every page it
    /// touches, a quarter of the cost of a write, and hardly any change fails once its preconditions hold.</param>
    /// <param name="condition">Asked once everything else is as decided, because it may cost a search.</param>
    public Written Write(Change change, bool inSavepoint, Func<Connection, bool>? condition = null)
    {
        if (!IsStillAsDecided(change) || condition?.Invoke(connection) == false) return Written.Stale;
        if (inSavepoint) connection.Use("SAVEPOINT change").Run();
        try
        {
            persons.Write(change);
            if (WriteVersions(change))
            {
                foreach (var person in change.ErasedPersons) PersonErasure.Purge(connection, persons.Number(person));
                if (!inSavepoint) return Written.Whole;
                connection.Flush();
                connection.Use("RELEASE change").Run();
                return Written.Whole;
            }
        }
        catch (StoreFailure failure) when (failure.IsConstraint && connection.IsInTransaction)
        {
            // A unique key was taken meanwhile: the same as any other precondition that no longer holds.
        }
        catch (Exception failure) when (failure is not StoreFailure)
        {
            if (!inSavepoint) return Written.Torn;
            TakeBack();
            throw;
        }
        if (!inSavepoint) return Written.Torn;
        TakeBack();
        return Written.Stale;
    }

    private bool IsStillAsDecided(Change change)
    {
        foreach (var (key, revision) in change.PersonRevisions)
            if ((persons.Revision(key) ?? 0) != revision) return false;
        for (var i = 0; i < change.Versions.Count; i++)
            if (!versions.IsCurrent(change.Versions[i])) return false;
        foreach (var (reference, mask) in change.ReferencedRoots)
            if (!Reference.TryKey(reference, out var type, out var id) || !versions.HasRoot(type, id.ToString(), mask)) return false;
        foreach (var (reference, count) in change.ReferrerCounts)
            if (!Reference.TryKey(reference, out var type, out var id) || ReferrerReader.Count(connection, type, id.ToString()) != count)
                return false;
        foreach (var person in change.ErasedPersons)
            if (foreseen.Find(person) is not { } known || !PersonErasure.IsAll(connection, known.No, change.Versions)) return false;
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
        foreseen.Forget();
        connection.Use("ROLLBACK TO change").Run();
        connection.Use("RELEASE change").Run();
    }
}
