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
    private readonly Dictionary<(string Type, string Id), List<VersionToWrite>> relabelled = [];
    private readonly Dictionary<string, long?> consulted = [];
    private readonly Dictionary<string, int> referrerCounts = [];
    private readonly HashSet<string> relied = [];
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
    public Document? Parse(ReadOnlyMemory<byte> body, Report report, ResourceFormat format = ResourceFormat.Json)
    {
        var document = ResourceReader.Read(body, format, report);
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

    // ---- what references are labelled with ---------------------------------------------------------------------------------

    /// <summary>`Condition/x` → root labels of what is stored there as this unit leaves it. Where nothing is, all that the type can bear: to who
    /// may not see all of it an absent target looks like a hidden one (leak 18). Null for what is not local.</summary>
    public long? RootMaskOf(string reference)
    {
        var slash = reference.IndexOf('/');
        if (slash <= 0 || reference.IndexOf('/', slash + 1) >= 0) return null;
        var (type, id) = (reference[..slash], reference[(slash + 1)..]);
        return Root(type, id) ?? InForce.RootsOf(type);
    }

    /// <summary>As this unit leaves it; null when nothing is there.</summary>
    internal long? Root(string type, string id) =>
        staged.TryGetValue((type, id), out var own) ? own.Write.Version.RootMask
        : relabelled.TryGetValue((type, id), out var again) && again.Count > 0 ? again[^1].Version.RootMask
        : StoredRoot(type, id);

    /// <summary>As it was before this unit. What was asked is asked again by the writer.</summary>
    internal long? StoredRoot(string type, string id)
    {
        var reference = $"{type}/{id}";
        if (!consulted.TryGetValue(reference, out var root)) consulted[reference] = root = snapshot.RootMask(type, id);
        return root;
    }

    /// <summary>All that points at this resource, stored or written by this unit.</summary>
    internal IEnumerable<(string Type, string Id)> Referrers(string type, string id)
    {
        var reference = $"{type}/{id}";
        var stored = snapshot.Referrers(type, id);
        referrerCounts[reference] = stored.Count;
        return stored.Union(staged.Where(s => s.Value.Write.References.Contains(reference)).Select(s => s.Key));
    }

    internal IReadOnlyCollection<(string Type, string Id)> Written => staged.Keys;

    /// <summary>Labels a resource again by the roots of what it points at now.</summary>
    internal void LabelAgain(string type, string id)
    {
        if (!staged.TryGetValue((type, id), out var own))
        {
            if (snapshot.Find(type, id) is { } current) relabelled[(type, id)] = Relabelled.Versions(this, current);
            return;
        }
        if (own.Write.Version.IsDeleted) return;
        var document = Parse(own.Write.Version.Body, new Report()) ?? throw new InvalidDataException("a canonical body does not parse");
        var before = KnownOf(snapshot.Find(type, id));
        var labelled = InForce.Label(this, document, own.Write.Version.Body, default, before is null ? null : (before.Document, InForce.Label(this, before.Document)));
        var version = own.Write.Version with { Labels = labelled.Packed, RootMask = labelled.Labels.Root, ChangeMask = labelled.ChangeMask, Changes = labelled.Changes };
        staged[(type, id)] = own with { Write = Interactions.Store.ToWrite(Engine, document, labelled.Labels, version, own.Write.Replaces) };
    }

    // ---- writing ----------------------------------------------------------------------------------------------------------

    /// <param name="now">What was sent; null for a deletion.</param>
    public void Stage(VersionToWrite write, Effects effects, Document? now, Known? before)
    {
        var version = write.Version;
        var content = new Written(now is null ? null : new Known(version.Type, version.Id, version.Holder, effects.Person, now), before);
        staged[(version.Type, version.Id)] = new Staged(write, effects, content);
    }

    /// <summary>What is written was decided on all that is on record about this person: of two such changes at once the second is decided anew.</summary>
    public void Rely(string person) => relied.Add(person);

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
    public void ForgetPermits() => audit.RemoveAll(e => e.Outcome == AuditOutcome.Success);

    /// <summary>Gives up what was to be written; the audit entries stay.</summary>
    public void Drop() => staged.Clear();

    public Change Build()
    {
        if (staged.Count == 0) return Unchanged;
        Settling.Settle(this);
        var change = new ChangeBuilder(Engine, snapshot, Now).Build([.. staged.Values.Select(s => (s.Write, s.Effects))], relied);
        return change with { Versions = [.. change.Versions, .. relabelled.Values.SelectMany(r => r)], ReferencedRoots = consulted, ReferrerCounts = referrerCounts };
    }

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
