namespace FhirCarePlan.Storage.Sqlite;

/// <summary>The files that a store has open, and whether they are still where they were: before anything is acknowledged.</summary>
internal sealed class OpenFiles
{
    private readonly (string Path, FileIdentity? Identity)[] files;

    /// <param name="path">Of the database, which is open, as is its log.</param>
    public OpenFiles(string path) => files = [.. new[] { "", "-wal", "-shm" }.Select(ending => (path + ending, FileIdentity.Of(path + ending)))];

    /// <summary>A database in memory has no file.</summary>
    public bool AreInPlace()
    {
        foreach (var (path, identity) in files)
            if (identity != null && FileIdentity.Of(path) != identity) return false;
        return true;
    }
}
