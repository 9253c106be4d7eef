using SQLitePCL;

namespace FhirCarePlan.Storage.Sqlite;

/// <summary>Says in one sentence why a file is not one to work on. https://sqlite.org/rescode.html</summary>
internal static class FileFaults
{
    public static T Name<T>(string path, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (SqliteFailure failure) when (Sentence(path, failure.Code & 0xff) is { } sentence)
        {
            throw new StoreRefusedException(sentence);
        }
    }

    private static string? Sentence(string path, int code) => code switch
    {
        raw.SQLITE_CORRUPT => $"The database {path} is damaged; restore a backup (`restore`)",
        raw.SQLITE_NOTADB => $"The file {path} is not an SQLite database, or its beginning is damaged; restore a backup (`restore`)",
        raw.SQLITE_READONLY or raw.SQLITE_PERM => $"The database {path} cannot be written to",
        raw.SQLITE_CANTOPEN => $"The database {path} cannot be opened: its folder is not there, or this user has no right to it",
        raw.SQLITE_FULL => $"There is no space for the database {path}",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"Another program holds the database {path}",
        raw.SQLITE_IOERR => $"The disk fails under the database {path}",
        _ => null,
    };
}
