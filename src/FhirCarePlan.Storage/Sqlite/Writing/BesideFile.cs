using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Writing;

namespace FhirCarePlan.Storage.Sqlite.Writing;

/// <summary>Beside the writer of a file: the ledger's overflow, and the write-ahead log that must be emptied.</summary>
internal sealed class BesideFile(LedgerOverflow overflow, LogEmptier log, OpenFiles files) : Beside
{
    public override bool HasKept => overflow.HasKept;
    public override bool TryAdd(WriteWork work) => overflow.TryAdd(work);
    public override void Open() => overflow.Open();
    public override List<WriteWork> Close() => overflow.Close();
    public override void Fold(Connection connection, LedgerLog ledger) => overflow.Fold(connection, ledger);
    public override void Folded() => overflow.Folded();
    public override bool IsInPlace => files.AreInPlace();
    public override void Grew(Connection writer) => log.Grew((SqliteConnection)writer);
    public override void End(Connection writer) => log.EmptyAtTheEnd((SqliteConnection)writer);

    public override void Dispose()
    {
        overflow.Dispose();
        log.Dispose();
    }
}
