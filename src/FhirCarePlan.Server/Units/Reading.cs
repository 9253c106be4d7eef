using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>The reading side of one unit of work: one snapshot of the store, the caller's view of it, and the documents parsed from
/// it.</summary>
public sealed class Reading : IDisposable
{
    private readonly List<Document> documents = [];

    /// <param name="tiesOfNew">Relationships of a person whom the unit of work itself creates.</param>
    public Reading(Engine engine, Caller caller, ISnapshot snapshot, Func<string, IEnumerable<Tie>> tiesOfNew)
    {
        (Engine, Snapshot, Now) = (engine, snapshot, engine.Clock.GetUtcNow());
        Sight = new Sight(caller, engine, snapshot, Now, tiesOfNew);
    }

    public Engine Engine { get; }
    public ISnapshot Snapshot { get; }
    public Sight Sight { get; }
    public DateTimeOffset Now { get; }

    /// <summary>A document that lives as long as this unit; null when it cannot be read, and the report says why.</summary>
    public Document? Parse(ReadOnlyMemory<byte> body, Report report, ResourceFormat format = ResourceFormat.Json)
    {
        var document = ResourceReader.Read(body, format, report);
        if (document != null) documents.Add(document);
        return document;
    }

    /// <summary>A body of our own, which always parses.</summary>
    public Document Parse(ReadOnlyMemory<byte> body) =>
        Parse(body, new Report()) ?? throw new InvalidDataException("a stored body does not parse");

    /// <summary>Null for a resource that never existed or is deleted.</summary>
    public Known? KnownOf(StoredVersion? version) => version is null or { IsDeleted: true } ? null
        : new Known(version.Type, version.Id, version.Holder, version.Person, Parse(version.Body));

    /// <summary>The resource as it was when it was deleted.</summary>
    public Known? KnownBeforeDeletion(StoredVersion tombstone) =>
        KnownOf(Snapshot.History(tombstone.Type, tombstone.Id).FirstOrDefault(v => !v.IsDeleted));

    public void Dispose()
    {
        foreach (var document in documents) document.Dispose();
        Snapshot.Dispose();
    }
}
