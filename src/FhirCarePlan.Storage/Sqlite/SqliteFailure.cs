using SQLitePCL;

namespace FhirCarePlan.Storage.Sqlite;

/// <summary>An SQLite error. Its messages name tables and columns, never values.</summary>
internal sealed class SqliteFailure(int code, string message) : IOException($"SQLite {code}: {message}")
{
    /// <summary>Extended result code. https://sqlite.org/rescode.html</summary>
    public int Code { get; } = code;

    /// <summary>A constraint of the schema refused one row; every other error is about the machine (disk full, locked, broken,
    /// read-only).</summary>
    public bool IsConstraint => (Code & 0xff) == raw.SQLITE_CONSTRAINT;
}
