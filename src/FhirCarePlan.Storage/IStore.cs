using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage;

/// <summary>The store of resources. Sqlite implements it; Postgres is to follow.</summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>A consistent view of the committed state; open it briefly, dispose it.</summary>
    ISnapshot Read();

    /// <summary>Writes the change in a savepoint of its own after re-checking the state it was decided on, appends the audit rows outside
    /// it, and returns when both are durable. With an empty change it only writes the audit rows. `Stale`: nothing was written, not even
    /// audit rows; decide again, or commit an entry that says how it ended. `Unavailable`: nothing was written. A cancelled request is
    /// refused before it is queued, never after.</summary>
    Task<CommitResult> Commit(Change change, IReadOnlyList<AuditEntry> audit, CancellationToken cancel);

    /// <summary>Asks a question of the state that a change would leave: writes the change as Commit would, asks, and takes it back. Other
    /// writes wait meanwhile, so keep it short; the snapshot is valid during the question only. `Stale`: the state that the change was
    /// decided on has changed; nothing was asked.</summary>
    CommitResult Suppose(Change change, Action<ISnapshot> question);

    /// <summary>The bit of a category, given once and never used again. Append-only.</summary>
    IReadOnlyDictionary<string, int> CategoryBits(IReadOnlyList<string> categories);

    /// <summary>The index of an interned consent state (the joined `Facts` of all in force, sorted); the empty state is 0.</summary>
    int ConsentClass(string state);

    string? GetSetting(string name);
    void SetSetting(string name, string value);

    /// <summary>Checks the whole ledger against its key and, if given, a receipt kept elsewhere. Erased payloads do not break it.</summary>
    LedgerProof VerifyLedger(LedgerReceipt? receipt = null);
    /// <summary>The ledger's head at this moment, signed: its keeper can show later what the ledger said then.</summary>
    LedgerReceipt Receipt(DateTimeOffset now);
    /// <summary>Erases the payload of audit rows before this time for good; the chain stays whole. `order` says who asked for it and
    /// becomes an event itself: an erasure without such an event counts as erased unseen. Returns how many rows were erased.</summary>
    int EraseAudit(DateTimeOffset before, AuditEntry order);
}

/// <summary>A read transaction, for one thread at a time.</summary>
public interface ISnapshot : IDisposable
{
    /// <summary>The current version, deletions included; null when there never was one.</summary>
    StoredVersion? Find(string type, string id);
    /// <summary>The current version without content, change masks and times. If there never was such a resource, the nearest other one,
    /// under the type and id asked for, so that hidden and absent cost the same. Null in an empty store.</summary>
    (StoredVersion Head, bool IsIt)? Head(string type, string id);
    /// <summary>The current versions of all these, deletions included, in one question; what never was is left out.</summary>
    IReadOnlyList<StoredVersion> FindAll(IReadOnlyList<(string Type, string Id)> resources);
    /// <summary>All current, not deleted versions of these types about a person, in one question.</summary>
    /// <param name="code">Only those that have this code in a token parameter.</param>
    IReadOnlyList<StoredVersion> About(string person, IReadOnlyList<string> types, string? code = null);
    /// <summary>Version and time as a caller permitted `mask` sees them: those of the newest version that changed something for them. Null
    /// when there never was such a resource.</summary>
    VersionStamp? VisibleVersion(string type, string id, long mask);
    StoredVersion? FindVersion(string type, string id, string versionId);
    /// <summary>Newest first.</summary>
    IReadOnlyList<StoredVersion> History(string type, string id);
    /// <summary>All current, not deleted versions, for re-labelling and re-indexing, in slices by id.</summary>
    IReadOnlyList<StoredVersion> Slice(string? afterType, string? afterId, int count);

    /// <summary>Root mask of the current version, deletions included; null when there never was one.</summary>
    long? RootMask(string type, string id);
    /// <summary>All that points, or in an older version pointed, at this resource, by type and id.</summary>
    IReadOnlyList<(string Type, string Id)> Referrers(string type, string id);

    Person? FindPerson(string key);
    string? PersonOfPatient(string patientId);
    IReadOnlyList<string> PatientsOfPerson(string person);
    IReadOnlyList<PatientLink> LinksOfPerson(string person);
    /// <summary>The Patients whose verified number this is.</summary>
    IReadOnlyList<PatientLink> LinksOfNumber(byte[] verifiedNumberHash);
    /// <summary>The Patients that state this number without its being verified.</summary>
    IReadOnlyList<PatientLink> LinksStating(byte[] numberHash);
    IReadOnlyList<Relationship> Relationships(string person);
    IReadOnlyList<Backing> Backings(string person);
    /// <summary>All persons, for work that concerns everybody, in slices by key.</summary>
    IReadOnlyList<Person> Persons(string? after, int count);
    IReadOnlyList<Relationship> RelationshipsByCause(string cause);
    IReadOnlyList<ConsentRow> Consents(string person);
    /// <summary>The state interned under this index.</summary>
    string ConsentState(int consentClass);
    /// <summary>Persons whose class is out of date at `now`.</summary>
    IReadOnlyList<Person> PersonsPastBoundary(DateTimeOffset now);

    /// <summary>All combinations of consent class and relationship kinds that any person has towards the caller: Decide must be asked about
    /// each before a search.</summary>
    IReadOnlyList<Standing> Standings(StandingKey key);

    SearchPage Search(SearchQuery query, SearchScope scope);

    /// <summary>The events a reader may see, as the reader may see them: parts put together, hidden details left out.</summary>
    AuditPage Audit(AuditQuery query);
    /// <summary>One event as the reader may see it; null when there is none in the reader's view.</summary>
    AuditEntry? FindAudit(string id, AuditReader reader);
}

/// <summary>The caller, as far as ties go: backings of the party without an actor, or with one of these actors, valid now. `SelfPerson` is
/// the person whom the token speaks for; towards them the caller has `SelfKind` as well.</summary>
public sealed record StandingKey(string Party, IReadOnlyList<string> Actors, string? SelfPerson, long SelfKind, DateTimeOffset Now);

/// <param name="Kinds">OR of all kinds in force that open the resource. Null `ConsentClass`: a resource about nobody.</param>
public readonly record struct Standing(int? ConsentClass, long Kinds);

/// <summary>The caller's view as rows: a resource of `Type` that is the caller's party's own (`IsOwn`) or not, about a person with this
/// class and these kinds, may show the categories of `Mask`. A resource that no row names is not in the view. Type null: every type not
/// named otherwise.</summary>
public readonly record struct PermittedRow(string Type, Standing Standing, bool IsOwn, long Mask);

/// <param name="Permitted">Rows for the searched type and for every type that an include may bring.</param>
public sealed record SearchScope(StandingKey Key, IReadOnlyList<PermittedRow> Permitted);

/// <summary>What ETag and Last-Modified say.</summary>
public readonly record struct VersionStamp(string VersionId, DateTimeOffset LastUpdated);

/// <summary>One hit with the mask under which the caller sees it. `Version` is the current one (prune its body), under the version id and
/// time that this caller sees.</summary>
public readonly record struct SearchHit(StoredVersion Version, long Permitted, bool IsInclude);

/// <param name="Hits">Each is read when it is asked for, while the snapshot is open: a page may be larger than memory.</param>
/// <param name="Total">Exact over the view; null when not asked.</param>
/// <param name="Next">Where the next page begins, null on the last one. Holds no content: a position by opaque key.</param>
public sealed record SearchPage(IReadOnlyList<SearchHit> Hits, int? Total, string? Next);
