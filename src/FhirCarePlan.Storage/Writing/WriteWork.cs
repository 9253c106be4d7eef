using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Auditing;

namespace FhirCarePlan.Storage.Writing;

/// <summary>One thing for the writer to do, and the promise to say what became of it once it is durable.</summary>
internal sealed class WriteWork() : TaskCompletionSource<CommitResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Null for audit rows alone.</summary>
    public Change? Change { get; init; }
    /// <summary>Whether the change's conditions are met; null when it has none.</summary>
    public Func<Connection, bool>? Condition { get; init; }
    public IReadOnlyList<SealedEntry> SealedAudit { get; init; } = [];
    /// <summary>The store's own business (settings, interning, erasure). It runs in the same transaction as everything else, and again if
    /// that had to be taken back. It looks before it writes.</summary>
    public Action<Connection>? Job { get; init; }

    /// <summary>A question between two groups: asked of the committed state with the change on top, which is then taken back.</summary>
    public Action<Connection>? Question { get; init; }

    public bool IsLedgerOnly => Job is null && Question is null && Change is null or { IsEmpty: true };
    /// <summary>Keeps the writer busy so long that others notice.</summary>
    public bool IsLong =>
        Change is { } change && (change.Versions.Count > 50 || change.Versions.Sum(write => (long)write.Version.Content.Length) > 1 << 20);

    /// <summary>What to say after the commit.</summary>
    public CommitResult Outcome { get; set; }
    public Exception? Failure { get; set; }

    public void Complete()
    {
        if (Failure is { } failure) SetException(failure);
        else SetResult(Outcome);
    }
}
