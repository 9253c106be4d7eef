using SQLitePCL;

namespace FhirCarePlan.Storage.Sqlite;

/// <summary>SQLite could not do what it was told. Its messages name tables and columns, never values.</summary>
internal sealed class SqliteFailure(int code, string message) : IOException($"SQLite {code}: {message}")
{
    /// <summary>Extended result code. https://sqlite.org/rescode.html</summary>
    public int Code { get; } = code;

    /// <summary>A rule of the schema spoke against one row; everything else is about the machine (disk full, locked, broken, read-only).</summary>
    public bool IsConstraint => (Code & 0xff) == raw.SQLITE_CONSTRAINT;
}
