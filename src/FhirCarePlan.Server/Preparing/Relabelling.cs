using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Preparing;

/// <summary>Labels and index rows are made under definitions: where these are not the ones that stored versions were labelled under, all
/// are labelled and indexed again before the port opens (src/docs/sharing.md#labels).</summary>
public sealed class Relabelling(Engine engine)
{
    public const string Generation = "labels-generation";
    private const int Slice = 200;

    /// <summary>Counts up when the way of indexing changes in code; for labelling there is <see cref="Labeller.Rules"/>.</summary>
    private const int IndexRules = 2;

    /// <summary>Names the definitions that labels and index rows are made under.</summary>
    public static string Of(Sharing.Protocol protocol, string indexFingerprint) => $"{Labeller.Rules}.{IndexRules}|{protocol.Hash}|{indexFingerprint}";

    /// <param name="anew">Also when nothing has changed: labels or index rows are found to be wrong.</param>
    public async Task Run(string indexFingerprint, CancellationToken cancel, bool anew = false)
    {
        var generation = Of(engine.InForce.Protocol, indexFingerprint);
        var known = engine.Store.GetSetting(Generation);
        if (anew || known != generation || engine.Store.GetSetting(Engine.ViewsSinceSetting) is null)
            engine.Store.SetSetting(Engine.ViewsSinceSetting, Instant.Text(engine.Clock.GetUtcNow()));
        if (known == generation && !anew) return;
        // Twice: a reference carries the root labels of its target, which the first round may have changed.
        for (var round = 0; known != null && round < 2; round++) await All(cancel);
        engine.Store.SetSetting(Generation, generation);
    }

    private async Task All(CancellationToken cancel)
    {
        (string Type, string Id)? after = null;
        while (true)
        {
            using var work = new Work(engine, Nobody, engine.Store.Read());
            var slice = work.Snapshot.Slice(after?.Type, after?.Id, Slice);
            if (slice.Count == 0) return;
            var change =
                new Change { Versions = [.. slice.SelectMany(current => Relabelled.Versions(work.Reading, work.Labels, current))] };
            if (await engine.Store.Commit(change, [], cancel) != CommitResult.Done)
                throw new StartRefused("The resources must be labelled again, but the database cannot be written");
            after = (slice[^1].Type, slice[^1].Id);
        }
    }

    internal static Sharing.Caller Nobody { get; } = new()
    {
        Issuer = Sharing.SystemActor.Issuer, Client = "relabelling",
        Subject = "relabelling"
    };
}
