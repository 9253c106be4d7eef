using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Storage;

/// <summary>The store of resources, on SQLite or PostgreSQL.</summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>A consistent view of the committed state; open it briefly, dispose it.</summary>
    /// <param name="cancel">Once it is cancelled, what the database is doing for the snapshot ends, and each question throws
    /// <see cref="OperationCanceledException"/>.</param>
    /// <param name="expected">What will be asked; it changes how often the database is asked, and no answer.</param>
    ISnapshot Read(CancellationToken cancel = default, Expected? expected = null);

    /// <summary>Writes the change in a savepoint of its own after re-checking the state it was decided on, appends the audit rows outside
    /// it, and returns when both are durable. With an empty change it only writes the audit rows. `Stale`: nothing was written, not even
    /// audit rows; decide again, or commit an entry that says how it ended. `Unavailable`: nothing was written. `Uncertain`: it may be
    /// there or not. A cancelled request is refused before it is queued, never after.</summary>
    Task<CommitResult> Commit(Change change, IReadOnlyList<AuditEntry> audit, CancellationToken cancel);

    /// <summary>Asks a question of the state that a change would leave: writes the change as Commit would, asks, and takes it back. Other
    /// writes wait meanwhile, so keep it short; the snapshot is valid during the question only. `Stale`: the state that the change was
    /// decided on has changed; nothing was asked.</summary>
    CommitResult Suppose(Change change, Action<ISnapshot> question);

    /// <summary>False while the database cannot be written. It tries only when it could not be written before.</summary>
    bool IsWritable() => true;

    /// <summary>Says under which definitions this process labels and decides, before it changes anything under them.</summary>
    /// <exception cref="StoreRefusedException">Another process is at work on this database under others.</exception>
    void Claim(string definitions) { }

    /// <summary>The bit of a category, given once and never used again. Append-only.</summary>
    IReadOnlyDictionary<string, int> CategoryBits(IReadOnlyList<string> categories);

    string? GetSetting(string name);
    void SetSetting(string name, string value);
    void RemoveSetting(string name);
    /// <summary>All whose names begin so.</summary>
    IReadOnlyList<(string Name, string Value)> Settings(string prefix);

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
    /// <summary>The current versions of all that is about a person, deletions included, whoever holds it.</summary>
    IReadOnlyList<StoredVersion> OfPerson(string person);
    /// <summary>When something about a person was last written, deletions included; null when nothing ever was. It reads no content.</summary>
    DateTimeOffset? LastWritten(string person);
    /// <summary>Version and time as a caller permitted `mask` sees them: those of the newest version that changed something for them. Null
    /// when there never was such a resource.</summary>
    VersionStamp? VisibleVersion(string type, string id, long mask);
    StoredVersion? FindVersion(string type, string id, string versionId);
    /// <summary>Newest first.</summary>
    IReadOnlyList<StoredVersion> History(string type, string id);
    /// <summary>The same without content, labels and changes.</summary>
    IReadOnlyList<StoredVersion> Heads(string type, string id);
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

    SearchPage Search(SearchQuery query, SearchScope scope);

    /// <summary>A state within the writer's transaction, which may still be taken back: numbers that it gave are not to be remembered.</summary>
    bool IsPassing { get; }

    /// <summary>The versions of a type in the caller's view, newest first: one more than the page where there is one.</summary>
    IReadOnlyList<HistoryRow> History(HistoryQuery query, SearchScope scope);
    HistoryHit Fetch(HistoryRow row);

    /// <summary>The different values that are stored of a parameter, hidden ones too: what a search asks for one by one, never to be
    /// shown.</summary>
    IReadOnlyList<QueryValue> Values(SearchParameter parameter);

    /// <summary>The events a reader may see, as the reader may see them: parts put together, hidden details left out.</summary>
    AuditPage Audit(AuditQuery query);
    /// <summary>One event as the reader may see it; null when there is none in the reader's view.</summary>
    AuditEntry? FindAudit(string id, AuditReader reader);
}

/// <summary>The caller, as far as ties go: backings of the party without an actor, or with one of these actors, valid now. `SelfPerson` is
/// the person whom the token speaks for; towards them the caller has `SelfKind` as well.</summary>
public sealed record StandingKey(string Party, IReadOnlyList<string> Actors, string? SelfPerson, long SelfKind, DateTimeOffset Now);

/// <summary>A person as far as decisions go. Where the view says that Consents, or ties, have no say, they are left out.</summary>
/// <param name="ConsentClass">Null: a resource about nobody.</param>
/// <param name="Kinds">OR of all kinds in force that open the resource.</param>
public readonly record struct Standing(int? ConsentClass, long Kinds);

/// <summary>What the decisions about resources of a type have in common.</summary>
/// <param name="Most">No decision shows more than this; 0: nothing is in view.</param>
/// <param name="WithoutTie">What may show of a person to whom the caller has no tie.</param>
/// <param name="AsksTies">False: ties make no difference.</param>
/// <param name="AsksConsent">False: Consents make no difference.</param>
public readonly record struct ViewBasis(long Most, long WithoutTie, bool AsksTies, bool AsksConsent);

/// <summary>The caller's view. A search asks about the persons whom it meets, and about no others (src/docs/sharing.md#search).</summary>
public interface ISearchView
{
    /// <param name="isOwn">What the caller's party holds.</param>
    ViewBasis Basis(string type, bool isOwn);

    /// <summary>The categories that such a resource may show; 0 for none. The same question has the same answer during a search.</summary>
    long Permitted(string type, bool isOwn, Standing standing);

    /// <summary>The caller's scopes narrow the view: a resource of the type must meet one of these as well. Null where nothing is narrowed;
    /// empty where nothing is left.</summary>
    IReadOnlyList<Part>? Only(string type) => null;
}

/// <summary>A part of a view.</summary>
/// <param name="Person">The key of the person whom its resources are about; null for anybody.</param>
/// <param name="WithNobodys">Resources about nobody are in it as well.</param>
/// <param name="Criteria">All must hold, over what the caller may see of the resource.</param>
public sealed record Part(string? Person, bool WithNobodys, IReadOnlyList<Criterion> Criteria);

public sealed record SearchScope(StandingKey Key, ISearchView View);

/// <summary>What ETag and Last-Modified say.</summary>
public readonly record struct VersionStamp(string VersionId, DateTimeOffset LastUpdated);

/// <summary>One hit with the mask under which the caller sees it, and the question that the view answered with it. `Version` is the current
/// one (prune its body), under the version id and time that this caller sees.</summary>
public readonly record struct SearchHit(StoredVersion Version, long Permitted, bool IsOwn, Standing Standing, bool IsInclude);

/// <param name="Hits">Each is read when it is asked for, while the snapshot is open: a page may be larger than memory.</param>
/// <param name="Total">Exact over the view; null when not asked for, or not cheap.</param>
public sealed record SearchPage(IReadOnlyList<SearchHit> Hits, int? Total)
{
    /// <summary>`:iterate` would bring along more than a search may: the hits are not all.</summary>
    public bool BringsTooMuch { get; init; }
    /// <summary>The ids of the matches, without reading them.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];
    /// <summary>Where the next page begins, null on the last one: the place of the page's last hit. Its sort values are in it, so callers
    /// get it encrypted.</summary>
    public string? Next { get; init; }
    /// <summary>Where the page before ends; null on the first one.</summary>
    public string? Previous { get; init; }
}
