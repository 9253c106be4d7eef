using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Requests;

/// <summary>A permit that lapses changes its person's consent class: before anybody decides, such persons are interned again
/// (src/docs/sharing.md#search).</summary>
public static class LapsedConsents
{
    public static bool IsDue(Work work) => work.Snapshot.PersonsPastBoundary(work.Now).Count > 0;

    public static async ValueTask Refresh(Engine engine, CancellationToken cancel)
    {
        // Stale: another request just did it, or changed the person, so it is right already.
        if (Build(engine, cancel) is { } change) await engine.Store.Commit(change, [], cancel);
    }

    private static Change? Build(Engine engine, CancellationToken cancel)
    {
        using var snapshot = engine.Store.Read(cancel);
        var now = engine.Clock.GetUtcNow();
        return snapshot.PersonsPastBoundary(now) is { Count: > 0 } outdated ? new ChangeBuilder(engine, snapshot, now).Reintern(outdated) : null;
    }
}
