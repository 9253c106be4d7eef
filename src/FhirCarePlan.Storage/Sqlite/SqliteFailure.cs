using FhirCarePlan.Storage.Engine;
using SQLitePCL;

namespace FhirCarePlan.Storage.Sqlite;

internal sealed class SqliteFailure(int code, string message) : StoreFailure($"SQLite {code}: {message}")
{
    /// <summary>Extended result code. https://sqlite.org/rescode.html</summary>
    public int Code { get; } = code;

    public override bool IsConstraint => (Code & 0xff) == raw.SQLITE_CONSTRAINT;
    public override bool IsMissingTable => Code == raw.SQLITE_ERROR && Message.Contains("no such table", StringComparison.Ordinal);
}
