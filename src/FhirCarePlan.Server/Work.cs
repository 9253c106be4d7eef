using System.Security.Cryptography;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.CareRules;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server;

/// <summary>One unit of work: what is read from one snapshot, what is to be written in one go, and what the audit trail will say.
/// A request has one; the entries of a transaction share one.</summary>
public sealed class Work : IWorld, IDisposable
{
    private readonly ISnapshot snapshot;
    private Dictionary<(string Type, string Id), Staged> staged = [];
    private List<AuditEntry> audit = [];
    private readonly List<Document> documents = [];

    public Work(Engine engine, Caller caller, ISnapshot snapshot)
    {
        (Engine, this.snapshot, Now) = (engine, snapshot, engine.Clock.GetUtcNow());
        Sight = new Sight(caller, engine.InForce, snapshot, Now);
    }

    /// <summary>A resource written by this unit, not yet committed.</summary>
    private sealed record Staged(VersionToWrite Write, Effects Effects, Written Content);

    public Engine Engine { get; }
    public InForce InForce => Engine.InForce;
    public Caller Caller => Sight.Caller;
    public Sight Sight { get; }
    public ISnapshot Snapshot => snapshot;
    public DateTimeOffset Now { get; }

    // ---- reading ----------------------------------------------------------------------------------------------------------

    /// <summary>The current version as this unit leaves it.</summary>
    public StoredVersion? Current(string type, string id) => staged.TryGetValue((type, id), out var own) ? own.Write.Version : snapshot.Find(type, id);

    /// <summary>A document that lives as long as this unit.</summary>
    public Document? Parse(ReadOnlyMemory<byte> body, Report report)
    {
        var document = JsonParser.Parse(body, report);
        if (document != null) documents.Add(document);
        return document;
    }

    Known? IWorld.Find(string type, string id) => KnownOf(snapshot.Find(type, id));

    public Known? KnownOf(StoredVersion? version) => version is null or { IsDeleted: true } ? null
        : new Known(version.Type, version.Id, version.Holder, version.Person, Parse(version.Body, new Report()) ?? throw new InvalidDataException("a stored body does not parse"));

    /// <summary>Identity, unlike relationship, may come from the same unit: a plan may come with its patient.</summary>
    public string? PersonOfPatient(string patientId) =>
        staged.TryGetValue(("Patient", patientId), out var own) ? own.Effects.Person : snapshot.PersonOfPatient(patientId);

    public string? PersonOfNumber(string nhsNumber) => snapshot.PersonOfNumber(Engine.NumberHash(nhsNumber));

    public IReadOnlyList<Tie> Ties(string person) =>
        [.. snapshot.Relationships(person).Select(r => new Tie(r.Person, r.Party, r.Kind, r.Actor, r.From, r.To, r.Cause))];

    public bool IsInView(string type, string id) =>
        staged.TryGetValue((type, id), out var own) ? !own.Write.Version.IsDeleted : Sight.See(snapshot.Find(type, id)) is { Version.IsDeleted: false };

    public string NewPerson() => Engine.NewId();

    /// <summary>`Condition/x` → root labels of what is stored there, null when nothing is.</summary>
    public long? RootMaskOf(string reference)
    {
        var slash = reference.IndexOf('/');
        return slash < 0 || reference.LastIndexOf('/') != slash ? null : Current(reference[..slash], reference[(slash + 1)..])?.RootMask;
    }

    // ---- writing ----------------------------------------------------------------------------------------------------------

    /// <param name="now">What was sent; null for a deletion.</param>
    public void Stage(VersionToWrite write, Effects effects, Document? now, Known? before)
    {
        var version = write.Version;
        var content = new Written(now is null ? null : new Known(version.Type, version.Id, version.Holder, effects.Person, now), before);
        staged[(version.Type, version.Id)] = new Staged(write, effects, content);
    }

    /// <summary>Everything this unit writes.</summary>
    public IReadOnlyList<Written> AllWritten => [.. staged.Values.Select(s => s.Content)];

    /// <summary>`CarePlan/x` → what this unit makes of it; null when it leaves it as it is.</summary>
    public Written? WrittenAs(string reference)
    {
        var slash = reference.IndexOf('/');
        return slash > 0 && staged.TryGetValue((reference[..slash], reference[(slash + 1)..]), out var own) ? own.Content : null;
    }

    /// <summary>The resource as it was when it was deleted.</summary>
    public Known? KnownBeforeDeletion(StoredVersion tombstone) => KnownOf(snapshot.History(tombstone.Type, tombstone.Id).FirstOrDefault(v => !v.IsDeleted));

    /// <summary>Labels what this unit wrote once more, now that all of it is known: a reference carries the root labels of its target, and a
    /// transaction's entries may point at later ones.</summary>
    public void RelabelTogether()
    {
        if (staged.Count < 2) return;
        foreach (var (key, own) in staged.ToList())
        {
            var write = own.Write;
            if (write.Version.IsDeleted) continue;
            var document = Parse(write.Version.Body, new Report()) ?? throw new InvalidDataException("a canonical body does not parse");
            var before = KnownOf(snapshot.Find(key.Type, key.Id));
            var labelled = InForce.Label(this, document, write.Version.Body, default, before is null ? null : (before.Document, InForce.Label(this, before.Document)));
            var version = write.Version with { Labels = labelled.Packed, RootMask = labelled.Labels.Root, ChangeMask = labelled.ChangeMask, Changes = labelled.Changes };
            staged[key] = own with { Write = write with { Version = version, Index = Interactions.Store.Index(Engine, document, labelled.Labels) } };
        }
    }

    /// <summary>Does something on the committed state and takes it back, with what it put into the audit trail.</summary>
    public (T Result, IReadOnlyList<AuditEntry> Audited) Try<T>(Func<T> attempt)
    {
        var (ownStaged, ownAudit) = (staged, audit);
        (staged, audit) = ([], []);
        try
        {
            return (attempt(), audit);
        }
        finally
        {
            (staged, audit) = (ownStaged, ownAudit);
        }
    }

    public void Audit(AuditEntry entry) => audit.Add(entry);

    public IReadOnlyList<AuditEntry> AuditEntries => audit;

    /// <summary>Of a transaction that failed only the refusals are true.</summary>
    public void ForgetPermits() => audit.RemoveAll(e => e.IsPermitted);

    /// <summary>Gives up what was to be written; the audit entries stay.</summary>
    public void Drop() => staged.Clear();

    public Change Build() => staged.Count == 0 ? Unchanged : new ChangeBuilder(Engine, snapshot, Now).Build([.. staged.Values.Select(s => (s.Write, s.Effects))]);

    private static readonly Change Unchanged = new();

    public void Dispose()
    {
        foreach (var document in documents) document.Dispose();
        snapshot.Dispose();
    }
}

/// <summary>Random and opaque ids: 128 bits as 26 characters, valid as FHIR ids. https://hl7.org/fhir/R4/datatypes.html#id</summary>
public static class RandomId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string Next()
    {
        Span<byte> random = stackalloc byte[26];
        RandomNumberGenerator.Fill(random);
        return string.Create(26, random, (text, bytes) =>
        {
            for (var i = 0; i < text.Length; i++) text[i] = Alphabet[bytes[i] & 31];
        });
    }
}
