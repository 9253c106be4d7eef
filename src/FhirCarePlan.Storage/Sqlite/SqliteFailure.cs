using FhirCarePlan.Storage.Engine;
using SQLitePCL;

namespace FhirCarePlan.Storage.Sqlite;

/// <param name="isUncertain">The system failed while the log was made durable: after a crash the transaction may be there.</param>
internal sealed class SqliteFailure(int code, string message, bool isUncertain = false) : StoreFailure($"SQLite {code}: {message}")
{
    public override bool IsUncertain => isUncertain;

    /// <summary>Extended result code. https://sqlite.org/rescode.html</summary>
    public int Code { get; } = code;

    public override bool IsConstraint => (Code & 0xff) == raw.SQLITE_CONSTRAINT;
    public override bool IsMissingTable => Code == raw.SQLITE_ERROR && Message.Contains("no such table", StringComparison.Ordinal);
}
