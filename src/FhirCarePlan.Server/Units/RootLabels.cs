using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>The root labels of references' targets, and who refers to whom. A reference is hidden with its target, so it carries the
/// target's root labels (src/docs/sharing.md#labels). The store's answers are remembered, because the writer asks again before it
/// commits.</summary>
public sealed class RootLabels(Reading reading, Staging staging)
{
    private readonly Dictionary<(string Type, string Id), List<VersionToWrite>> relabelled = [];
    private readonly Dictionary<string, long?> consulted = [];
    private readonly Dictionary<string, int> referrerCounts = [];

    /// <summary>`Type/id` → the root mask that references to it were labelled with, null where nothing is stored.</summary>
    public IReadOnlyDictionary<string, long?> Consulted => consulted;
    /// <summary>`Type/id` of what gets another root mask → how many resources pointed at it when these were labelled again.</summary>
    public IReadOnlyDictionary<string, int> ReferrerCounts => referrerCounts;
    /// <summary>Stored versions that the change labels again.</summary>
    public IEnumerable<VersionToWrite> Relabelled => relabelled.Values.SelectMany(versions => versions);

    /// <summary>`Condition/x` → root labels of the target as this unit leaves it. If the target does not exist, every label its type can
    /// carry, so that a partial view cannot tell absent from hidden (leak 18). Null for a reference that is not local.</summary>
    public long? Of(string reference)
    {
        if (!Reference.TryKey(reference, out var type, out var id)) return null;
        return Now(type, id.ToString()) ?? reading.Engine.InForce.AbsentRoot(type);
    }

    /// <summary>As this unit leaves it; null when nothing is there.</summary>
    public long? Now(string type, string id) =>
        staging.Find(type, id) is { } own ? own.Version.RootMask
        : relabelled.TryGetValue((type, id), out var again) && again.Count > 0 ? again[^1].Version.RootMask
        : Before(type, id);

    /// <summary>As it was before this unit.</summary>
    public long? Before(string type, string id)
    {
        var reference = $"{type}/{id}";
        if (!consulted.TryGetValue(reference, out var root)) consulted[reference] = root = reading.Snapshot.RootMask(type, id);
        return root;
    }

    /// <summary>All that points at this resource, stored or written by this unit.</summary>
    public IEnumerable<(string Type, string Id)> Referrers(string type, string id)
    {
        var reference = $"{type}/{id}";
        var stored = reading.Snapshot.Referrers(type, id);
        referrerCounts[reference] = stored.Count;
        return stored.Union(staging.All.Where(s => s.Write.References.Contains(reference)).Select(s => (s.Version.Type, s.Version.Id)));
    }

    /// <summary>Labels a resource again by the current roots of its references' targets.</summary>
    public void LabelAgain(string type, string id)
    {
        if (staging.Find(type, id) is not { } own)
        {
            if (reading.Snapshot.Find(type, id) is { } current) relabelled[(type, id)] = Units.Relabelled.Versions(reading, this, current);
            return;
        }
        if (own.Version.IsDeleted) return;
        var inForce = reading.Engine.InForce;
        var document = reading.Parse(own.Version.Body);
        var before = reading.KnownOf(reading.Snapshot.Find(type, id));
        var labelled = inForce.Label(Of, document, own.Version.Body, default, before is null ? null : (before.Document, inForce.Label(Of, before.Document)));
        staging.Add(own with { Write = Units.Relabelled.ToWrite(reading.Engine, document, labelled, own.Version, own.Write.Replaces) });
    }
}
