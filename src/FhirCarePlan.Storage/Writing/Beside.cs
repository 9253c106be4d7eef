using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Writing;

/// <summary>Work that an engine does beside its writer. This one has none: every row waits for the writer, and the database tends its own
/// log.</summary>
internal class Beside : IDisposable
{
    /// <summary>Ledger rows that are durable elsewhere, acknowledged, and wait to be appended; the writer looks at them while this is
    /// closed.</summary>
    public virtual IReadOnlyList<WriteWork> Kept => [];

    /// <returns>False: the writer takes it, now or soon.</returns>
    public virtual bool TryAdd(WriteWork work) => false;

    /// <summary>The writer is busy for long: ledger rows may go elsewhere.</summary>
    public virtual void Open() { }

    /// <returns>Rows that could not be kept and that the writer must write.</returns>
    public virtual List<WriteWork> Close() => [];

    /// <summary>In the transaction that appends all of `Kept`.</summary>
    public virtual void MarkTaken(Connection connection) { }

    /// <summary>All of `Kept` is in the database.</summary>
    public virtual void Empty() { }

    /// <summary>To be called by the writer between two groups.</summary>
    public virtual void Grew(Connection writer) { }

    /// <summary>The writer ends.</summary>
    public virtual void End(Connection writer) { }

    public virtual void Dispose() { }
}
