using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage;

/// <summary>A version of a resource, current or older. Masks are bits of categories; only Sharing knows their meaning.</summary>
public sealed record StoredVersion
{
    public required string Type { get; init; }
    public required string Id { get; init; }
    /// <summary>Random and opaque, the same for everyone.</summary>
    public required string VersionId { get; init; }
    public required DateTimeOffset LastUpdated { get; init; }
    /// <summary>The party whose caller created the resource; never changes.</summary>
    public required string Holder { get; init; }
    /// <summary>Null for resources about nobody (directory, conformance).</summary>
    public string? Person { get; init; }
    /// <summary>Canonical JSON with id and meta, as a caller with a whole view gets it; empty for a deletion.</summary>
    public required byte[] Body { get => Whole(Content); init => Content = value; }
    /// <summary>Masks per node of Body, packed by Sharing; empty for a deletion.</summary>
    public required byte[] Labels { get => Whole(LabelBytes); init => LabelBytes = value; }
    /// <summary>Mask of the root: a caller who lacks one of these bits does not see the resource at all. A deletion keeps the last
    /// one.</summary>
    public required long RootMask { get; init; }
    /// <summary>Categories whose content changed with this version: the union of `Changes`.</summary>
    public required long ChangeMask { get; init; }
    /// <summary>The distinct masks of the changes in this version. A caller sees the change if every bit of at least one of them is
    /// permitted; their current version is the newest that they see change. One mask cannot say this: a caller with `a` alone does not see
    /// a change under {a, b}, and every union holds the root's bits. Empty when nothing changed for anybody. The store keeps only the
    /// smallest masks, because a caller who sees a larger one sees a smaller one.</summary>
    public IReadOnlyList<long> Changes { get; init; } = [];
    /// <summary>When the content speaks of (recorded, authored, effective), for look-back windows; null when unknown.</summary>
    public DateTimeOffset? ContentDate { get; init; }
    public bool IsDeleted { get; init; }
    /// <summary>`POST`, `PUT` or `DELETE`, for history.</summary>
    public required string Method { get; init; }

    /// <summary>Null for a version that is as it was written. Else its row: whether it is in view can be decided, and whoever asks for its
    /// content or labels gets a `DamagedException`.</summary>
    public long? DamagedRow { get; init; }

    /// <summary>As read, damaged or not: for checksums alone.</summary>
    internal byte[] Content { get; private init; } = [];
    internal byte[] LabelBytes { get; private init; } = [];

    private byte[] Whole(byte[] bytes) => DamagedRow is { } row ? throw new DamagedException(Type, row) : bytes;
}

/// <summary>A version to be written, with its index rows (empty for a deletion). If `Replaces` is the version's own id, the version is
/// rewritten in place (re-labelling, re-indexing): labels, masks, body, person and index rows are replaced, and there is no new version.
/// This also works for older versions, whose index rows are ignored.</summary>
public sealed record VersionToWrite(StoredVersion Version, IReadOnlyList<IndexRow> Index)
{
    /// <summary>The version this one was decided against; null: the resource must not exist yet. Re-checked by the writer.</summary>
    public string? Replaces { get; init; }
    /// <summary>Every local reference in it, as `Type/id`: by them the store finds the resources that refer to another
    /// (`ISnapshot.Referrers`).</summary>
    public IReadOnlyList<string> References { get; init; } = [];
}

/// <param name="Labels">Mask of the node the value came from.</param>
public readonly record struct IndexRow(IndexEntry Entry, long Labels);

/// <summary>A person apart from any Patient resource. Refusals and relationships hang on the key.</summary>
/// <param name="Key">Random.</param>
/// <param name="ConsentClass">Index of the interned consent state in force; 0 is "no consent recorded".</param>
/// <param name="Revision">Counts every change of consent, relationship or identity; decisions are re-checked against it.</param>
/// <param name="NextBoundary">When the class must be interned again since a permit lapses; null: never.</param>
public sealed record Person(string Key, int ConsentClass, long Revision, DateTimeOffset? NextBoundary)
{
    /// <summary>To be written: the consent state in force (the joined `Facts`, sorted), which the writer interns; null leaves the class as
    /// it is.</summary>
    public string? NewState { get; init; }
}

/// <summary>party ↔ person, written only by the pipeline from authorised writes.</summary>
/// <param name="Kind">A bit Sharing defines (self, care-team, registered, referral, episode, enrolled …).</param>
/// <param name="Actor">When only one practitioner or carer of the party has it: their reference (`RelatedPerson/x`); else null.</param>
/// <param name="Cause">The resource it follows from (`CareTeam/x`): rewritten together with it.</param>
/// <param name="Asserter">The party whose word it is; what that is worth to whom is said by the person's Backings.</param>
/// <param name="Answers">Of what an answer caused: the request it answers.</param>
public sealed record Relationship(string Person, string Party, long Kind, string? Actor, DateTimeOffset From, DateTimeOffset? To,
    string Cause, string Asserter = "", string? Answers = null);

/// <summary>What of a person's relationships counts, and for whose data: derived by the pipeline, written whole for a person.</summary>
/// <param name="Regard">The holder whose resources about the person it opens; `*` any holder's; `Type/id` that one resource's.</param>
public sealed record Backing(string Person, string Party, long Kind, string? Actor, DateTimeOffset From, DateTimeOffset? To, string Regard)
{
    public const string AnyHolder = "*";

    public bool Opens(string holder, string type, string id) =>
        Regard == AnyHolder || Regard == holder || Regard.Length == type.Length + 1 + id.Length && Regard == $"{type}/{id}";
}

/// <summary>A Consent's statement, as Sharing reads it; `Facts` is Sharing's own canonical text.</summary>
public sealed record ConsentRow(string Person, string ConsentId, string Facts, DateTimeOffset? LapsesAt);

/// <summary>Everything one request changes; written whole or not at all.</summary>
public sealed record Change
{
    public IReadOnlyList<VersionToWrite> Versions { get; init; } = [];
    /// <summary>New or changed persons. `Revision` is the one after the change.</summary>
    public IReadOnlyList<Person> Persons { get; init; } = [];
    /// <summary>Patient id → person key, and the keyed hash of a verified NHS number if any.</summary>
    public IReadOnlyList<PatientLink> Patients { get; init; } = [];
    /// <summary>Causes whose relationships are replaced by those in `Relationships`.</summary>
    public IReadOnlyList<string> RelationshipCauses { get; init; } = [];
    public IReadOnlyList<Relationship> Relationships { get; init; } = [];
    /// <summary>Persons whose backings are replaced by those in `Backings`.</summary>
    public IReadOnlyList<string> BackedPersons { get; init; } = [];
    public IReadOnlyList<Backing> Backings { get; init; } = [];
    /// <summary>Consent ids whose rows are replaced by those in `Consents`.</summary>
    public IReadOnlyList<string> ConsentIds { get; init; } = [];
    public IReadOnlyList<ConsentRow> Consents { get; init; } = [];
    /// <summary>Person key → revision it was decided on, 0 for a person who did not exist. Re-checked by the writer: a difference is
    /// `Stale`.</summary>
    public IReadOnlyDictionary<string, long> PersonRevisions { get; init; } = new Dictionary<string, long>();
    /// <summary>`Type/id` → the root mask that references to it were labelled with, null where nothing is stored. Re-checked by the
    /// writer.</summary>
    public IReadOnlyDictionary<string, long?> ReferencedRoots { get; init; } = new Dictionary<string, long?>();
    /// <summary>`Type/id` of a resource whose root mask changes → how many resources referred to it when these were labelled again.
    /// Re-checked by the writer.</summary>
    public IReadOnlyDictionary<string, int> ReferrerCounts { get; init; } = new Dictionary<string, int>();
    /// <summary>Keys of persons of whom nothing may stay: all that is about them is among `Versions`, as deletions (else `Stale`). Their older
    /// versions, index rows, links to Patients, NHS numbers, ties and Consents go for good. The rows of their resources stay, empty, because
    /// the ledger names them.</summary>
    public IReadOnlyList<string> ErasedPersons { get; init; } = [];
    /// <summary>Questions whose answer must be yes in the state that the change is written on: asked by the writer, after everything that came
    /// before is in and before anything else can come.</summary>
    public IReadOnlyList<Func<ISnapshot, bool>> Conditions { get; init; } = [];
    public bool IsEmpty =>
        Versions.Count == 0 && Persons.Count == 0 && Patients.Count == 0 && RelationshipCauses.Count == 0 && BackedPersons.Count == 0
        && ConsentIds.Count == 0 && ErasedPersons.Count == 0;
}

/// <param name="StatedNumberHashes">NHS numbers the Patient states and nobody verified.</param>
public sealed record PatientLink(string PatientId, string Person, byte[]? VerifiedNumberHash, IReadOnlyList<byte[]> StatedNumberHashes)
{
    public PatientLink(string patientId, string person, byte[]? verifiedNumberHash) : this(patientId, person, verifiedNumberHash, []) { }

    /// <summary>The party that holds the Patient.</summary>
    public string Holder { get; init; } = "";
    /// <summary>A registrar who speaks for everybody wrote it.</summary>
    public bool IsConfirmed { get; init; }
}

public enum CommitResult
{
    Done,
    /// <summary>A version or person moved since it was decided.</summary>
    Stale,
    /// <summary>Disk full, not writable, not there: nothing was written.</summary>
    Unavailable,
    /// <summary>The database went away while it was being written: it may be there or not.</summary>
    Uncertain,
}
