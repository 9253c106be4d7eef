using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Writing;

/// <summary>Work that an engine does beside its writer. This one has none: every row waits for the writer, and the database tends its own
/// log.</summary>
internal class Beside : IDisposable
{
    /// <summary>Ledger rows are durable elsewhere, acknowledged, and wait to be appended; to be asked while this is closed.</summary>
    public virtual bool HasKept => false;

    /// <returns>False: the writer takes it, now or soon.</returns>
    public virtual bool TryAdd(WriteWork work) => false;

    /// <summary>The writer is busy for long: ledger rows may go elsewhere.</summary>
    public virtual void Open() { }

    /// <returns>Rows that could not be kept and that the writer must write.</returns>
    public virtual List<WriteWork> Close() => [];

    /// <summary>Appends the next kept rows, in the writer's transaction.</summary>
    public virtual void Fold(Connection connection, LedgerLog ledger) { }

    /// <summary>What was appended last is committed.</summary>
    public virtual void Folded() { }

    /// <summary>To be called by the writer between two groups.</summary>
    public virtual void Grew(Connection writer) { }

    /// <summary>False: what is written now would be lost, because the files were moved or replaced.</summary>
    public virtual bool IsInPlace => true;

    /// <summary>The writer ends.</summary>
    public virtual void End(Connection writer) { }

    public virtual void Dispose() { }
}
