using FhirCarePlan.Care;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>A version with its labels and index rows, ready for the store; or a stored resource with new labels from its content and the
/// targets of its references, which gets no new version.</summary>
public static class Relabelled
{
    /// <summary>All versions of one resource, the oldest first, since each is compared with the one before it.</summary>
    public static List<VersionToWrite> Versions(Reading reading, RootLabels roots, StoredVersion current)
    {
        var writes = new List<VersionToWrite>();
        (Document, Labels)? before = null;
        foreach (var version in reading.Snapshot.History(current.Type, current.Id).Reverse())
        {
            if (version.DamagedRow != null || version.IsDeleted)
            {
                // The store takes what it cannot label again out of everybody's view.
                if (version.DamagedRow != null) writes.Add(new VersionToWrite(version, []) { Replaces = version.VersionId });
                before = null;
                continue;
            }
            var document = reading.Parse(version.Body);
            var labelled = reading.Engine.InForce.Label(roots.Of, document, version.Body, default, before);
            before = (document, labelled.Labels);
            writes.Add(version.VersionId == current.VersionId
                ? ToWrite(reading.Engine, document, labelled, version, version.VersionId)
                : new VersionToWrite(With(version, labelled), []) { Replaces = version.VersionId });
        }
        return writes;
    }

    /// <param name="replaces">The version this one was decided against; null for a new resource.</param>
    public static VersionToWrite ToWrite(Engine engine, Document document, InForce.Labelled labelled, StoredVersion version,
        string? replaces) =>
        new(With(version, labelled), Index(engine, document, labelled.Labels))
        {
            Replaces = replaces,
            References = [.. labelled.Labels.References.Union(Attached(document, engine))],
        };

    /// <summary>What attachments lead to on this server: it is referred to as well, and labelled for itself.
    /// https://hl7.org/fhir/R4/datatypes.html#Attachment</summary>
    public static IEnumerable<string> Attached(Document document, Engine engine)
    {
        for (var i = 1; i < document.Count; i++)
            if (document[i] is { Name: "url", Parent.Type.Name: "Attachment", HasValue: true } url && Reference.Parse(url.Text!, engine.Own.All) is { IsLocal: true, Local: { } local })
                yield return local;
    }

    private static StoredVersion With(StoredVersion version, InForce.Labelled labelled) =>
        version with
        {
            Labels = labelled.Packed,
            RootMask = labelled.Labels.Root,
            ChangeMask = labelled.ChangeMask,
            Changes = labelled.Changes
        };

    private static IndexRow[] Index(Engine engine, Document document, Labels labels)
    {
        var entries = engine.Extractor.Extract(document, withWords: true);
        var masks = labels.ToArray();
        var rows = new IndexRow[entries.Count];
        for (var i = 0; i < rows.Length; i++) rows[i] = new IndexRow(entries[i], IndexExtractor.LabelOf(document, entries[i], masks));
        return rows;
    }
}
