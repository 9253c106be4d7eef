using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server;

/// <summary>A stored resource labelled again, by what it says and what it points at now; no new version comes of it.</summary>
public static class Relabelled
{
    /// <summary>All versions of one resource, the oldest first, since each is compared with the one before it.</summary>
    public static List<VersionToWrite> Versions(Work work, StoredVersion current)
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
            var labelled = work.InForce.Label(work, document, version.Body, default, before);
            before = (document, labelled.Labels);
            var again = version with { Labels = labelled.Packed, RootMask = labelled.Labels.Root, ChangeMask = labelled.ChangeMask, Changes = labelled.Changes };
            writes.Add(version.VersionId == current.VersionId
                ? Interactions.Store.ToWrite(work.Engine, document, labelled.Labels, again, version.VersionId)
                : new VersionToWrite(again, []) { Replaces = version.VersionId });
        }
        return writes;
    }
}
