using FhirCarePlan.Server.Settings;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Preparing;

/// <summary>The data that a tie opens depend on the protocol's parties, which may be suspended between two starts, and on the code that
/// computes it. If either has changed, the server computes the ties of everybody again before it opens the port
/// (src/docs/sharing.md#ties).</summary>
public sealed class Retying(Engine engine)
{
    private const string Generation = "ties-generation";
    private const int Slice = 200;

    /// <summary>Counts up when the way of computing changes in code.</summary>
    private const string Code = "1";

    /// <param name="anew">Also when nothing has changed: ties or consent states are found to be wrong.</param>
    public async Task Run(CancellationToken cancel, bool anew = false)
    {
        var generation = $"{Code}|{engine.InForce.Protocol.Hash}";
        if (engine.Store.GetSetting(Generation) == generation && !anew) return;
        string? after = null;
        while (await Next(after, anew, cancel) is { } last) after = last;
        engine.Store.SetSetting(Generation, generation);
    }

    private async Task<string?> Next(string? after, bool anew, CancellationToken cancel)
    {
        using var snapshot = engine.Store.Read();
        var slice = snapshot.Persons(after, Slice);
        if (slice.Count == 0) return null;
        var builder = new ChangeBuilder(engine, snapshot, engine.Clock.GetUtcNow());
        var change = anew ? builder.Reintern(slice) : builder.Derive(slice.Select(p => p.Key));
        if (await engine.Store.Commit(change, [], cancel) != CommitResult.Done)
            throw new StartRefused("The relationships must be computed again, but the database cannot be written");
        return slice[^1].Key;
    }
}
