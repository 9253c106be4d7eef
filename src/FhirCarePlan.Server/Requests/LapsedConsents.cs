using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Requests;

/// <summary>A permit that lapses changes its person's consent class: before anybody decides, such persons are interned again
/// (src/docs/sharing.md#search).</summary>
public static class LapsedConsents
{
    public static async ValueTask Refresh(Engine engine, CancellationToken cancel)
    {
        using var snapshot = engine.Store.Read();
        var now = engine.Clock.GetUtcNow();
        var outdated = snapshot.PersonsPastBoundary(now);
        if (outdated.Count == 0) return;
        // Stale: another request just did it, or changed the person, so it is right already.
        await engine.Store.Commit(new ChangeBuilder(engine, snapshot, now).Reintern(outdated), [], cancel);
    }
}
