using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Preparing;

/// <summary>Labels and index rows are made under definitions: where these are not the ones that stored versions were labelled under, all
/// are labelled and indexed again before the port opens (sharing.md §1.4).</summary>
public sealed class Relabelling(Engine engine)
{
    private const string Generation = "labels-generation";
    private const int Slice = 200;

    /// <summary>Counts up when the way of labelling or indexing changes in code.</summary>
    private const string Code = "1";

    public async Task Run(string indexFingerprint, CancellationToken cancel)
    {
        var generation = $"{Code}|{engine.InForce.Protocol.Hash}|{indexFingerprint}";
        var known = engine.Store.GetSetting(Generation);
        if (known == generation) return;
        // Twice: a reference carries the root labels of its target, which the first round may have changed.
        for (var round = 0; known != null && round < 2; round++) await All(cancel);
        engine.Store.SetSetting(Generation, generation);
    }

    /// <summary>Everything once: also after the samples, some of which point at later ones.</summary>
    public async Task All(CancellationToken cancel)
    {
        (string Type, string Id)? after = null;
        while (true)
        {
            using var work = new Work(engine, Nobody, engine.Store.Read());
            var slice = work.Snapshot.Slice(after?.Type, after?.Id, Slice);
            if (slice.Count == 0) return;
            var change = new Change { Versions = [.. slice.SelectMany(current => Again(work, current))] };
            if (await engine.Store.Commit(change, [], cancel) != CommitResult.Done) throw new StartRefused("The database cannot be labelled again: it is not writable");
            after = (slice[^1].Type, slice[^1].Id);
        }
    }

    /// <summary>All versions of one resource, the oldest first, since each is compared with the one before it.</summary>
    private List<VersionToWrite> Again(Work work, StoredVersion current)
    {
        var writes = new List<VersionToWrite>();
        (Document, Labels)? before = null;
        foreach (var version in work.Snapshot.History(current.Type, current.Id).Reverse())
        {
            if (version.IsDeleted)
            {
                before = null;
                continue;
            }
            var document = work.Parse(version.Body, new Report()) ?? throw new InvalidDataException("a stored body does not parse");
            var labelled = engine.InForce.Label(work, document, version.Body, default, before);
            before = (document, labelled.Labels);
            var again = version with { Labels = labelled.Packed, RootMask = labelled.Labels.Root, ChangeMask = labelled.ChangeMask, Changes = labelled.Changes };
            var rows = version.VersionId == current.VersionId ? Interactions.Store.Index(engine, document, labelled.Labels) : [];
            writes.Add(new VersionToWrite(again, rows) { Replaces = version.VersionId });
        }
        return writes;
    }

    private static Sharing.Caller Nobody { get; } = new() { Issuer = Sharing.SystemActor.Issuer, Client = "relabelling", Subject = "relabelling" };
}
