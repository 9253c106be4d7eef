using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Auditing;

namespace FhirCarePlan.Storage.Reading;

/// <summary>A read transaction on a pooled connection, or the state that the writer supposes.</summary>
internal sealed class Snapshot : ISnapshot
{
    private readonly Known known;
    private readonly ReadConnection pooled;
    private readonly Connection connection;
    private readonly Action<ReadConnection>? back;
    private readonly Ahead? ahead;
    private bool isOpen = true;

    /// <param name="back">Takes the connection back, whose read transaction is this snapshot's own; null within the writer's transaction,
    /// which begins and ends without it.</param>
    /// <param name="expected">What will be asked, for a database that is far.</param>
    public Snapshot(Known known, ReadConnection pooled, Action<ReadConnection>? back, Expected? expected = null)
    {
        (this.known, this.pooled, this.back, connection) = (known, pooled, back, pooled.Connection);
        if (back == null) return;
        connection.BeginRead();
        // Reading is what fixes the snapshot: beginning alone does not.
        using var first = connection.Use("SELECT 1 FROM consent_class WHERE no = 0");
        if (connection.IsFar && expected is { } some && (some.Target != null || some.References.Count > 0)) ahead = new Ahead(connection, some, first);
        else first.Step();
    }

    public StoredVersion? Find(string type, string id) =>
        ahead?.Knows(type, id, out var known) == true ? known : VersionReader.Find(connection, type, id);
    public (StoredVersion Head, bool IsIt)? Head(string type, string id) =>
        ahead?.KnowsHead(type, id, out var head) == true ? head : HeadReader.Read(connection, type, id);
    public IReadOnlyList<StoredVersion> FindAll(IReadOnlyList<(string Type, string Id)> resources) =>
        VersionsReader.FindAll(connection, resources);
    public IReadOnlyList<StoredVersion> About(string person, IReadOnlyList<string> types, string? code) =>
        VersionsReader.About(connection, person, types, code);
    public IReadOnlyList<StoredVersion> OfPerson(string person) => VersionsReader.OfPerson(connection, person);
    public DateTimeOffset? LastWritten(string person) => VersionsReader.LastWritten(connection, person);
    public VersionStamp? VisibleVersion(string type, string id, long mask) => VersionReader.Visible(connection, type, id, mask);
    public StoredVersion? FindVersion(string type, string id, string versionId) =>
        VersionReader.FindVersion(connection, type, id, versionId);
    public IReadOnlyList<StoredVersion> History(string type, string id) => VersionReader.History(connection, type, id);
    public IReadOnlyList<StoredVersion> Slice(string? afterType, string? afterId, int count) =>
        VersionReader.Slice(connection, afterType, afterId, count);
    public long? RootMask(string type, string id) =>
        ahead?.Knows(type, id, out var known) == true ? known?.RootMask : VersionReader.RootMask(connection, type, id);
    public IReadOnlyList<(string Type, string Id)> Referrers(string type, string id) => ReferrerReader.Of(connection, type, id);

    public Person? FindPerson(string key) => ahead?.Person(key) ?? PersonReader.Find(connection, key);
    public string? PersonOfPatient(string patientId) => ahead?.PersonOfPatient(patientId) ?? PersonReader.OfPatient(connection, patientId);
    public IReadOnlyList<string> PatientsOfPerson(string person) => ahead?.Patients(person) ?? PersonReader.Patients(connection, person);
    public IReadOnlyList<Person> Persons(string? after, int count) => PersonReader.Slice(connection, after, count);
    public IReadOnlyList<Backing> Backings(string person) => ahead?.Backings(person) ?? BackingReader.OfPerson(connection, person);
    public IReadOnlyList<PatientLink> LinksOfNumber(byte[] verifiedNumberHash) => LinkReader.OfNumber(connection, verifiedNumberHash);
    public IReadOnlyList<PatientLink> LinksOfPerson(string person) => LinkReader.OfPerson(connection, person);
    public IReadOnlyList<PatientLink> LinksStating(byte[] numberHash) => LinkReader.Stating(connection, numberHash);
    public IReadOnlyList<Relationship> Relationships(string person) => ahead?.Relationships(person) ?? PersonReader.Relationships(connection, person);
    public IReadOnlyList<Relationship> RelationshipsByCause(string cause) => PersonReader.RelationshipsByCause(connection, cause);
    public IReadOnlyList<ConsentRow> Consents(string person) => PersonReader.Consents(connection, person);
    public IReadOnlyList<Person> PersonsPastBoundary(DateTimeOffset now) => PersonReader.PastBoundary(connection, now);
    public string ConsentState(int consentClass)
    {
        if (consentClass == 0) return "";
        if (known.States.TryGetValue(consentClass, out var state)) return state;
        state = OneText(connection.Use("SELECT state FROM consent_class WHERE no = ?1").Bind(1, consentClass))
            ?? throw new InvalidOperationException($"There is no consent class {consentClass}.");
        // Interned states never change, but one that is only supposed may be taken back, and its number given to another.
        return back is null ? state : known.Keep(consentClass, state);
    }

    public bool IsPassing => back is null;

    public IReadOnlyList<StoredVersion> Heads(string type, string id) => VersionReader.Heads(connection, type, id);
    public IReadOnlyList<HistoryRow> History(HistoryQuery query, SearchScope scope) => pooled.Search.History(query, scope);
    public HistoryHit Fetch(HistoryRow row) => HistoryReader.Fetch(connection, row);

    public IReadOnlyList<QueryValue> Values(SearchParameter parameter) => ValueReader.Of(connection, parameter);

    public SearchPage Search(SearchQuery query, SearchScope scope) => pooled.Search.Search(query, scope);

    public AuditPage Audit(AuditQuery query) => new LedgerSearch(connection, Ledger, known.Tail, known.Key, query).Find();
    public AuditEntry? FindAudit(string id, AuditReader reader) =>
        Audit(new AuditQuery(reader) { Criteria = [AuditCriterion.Of(AuditFacet.Id, id)], Count = 1, WantsTotal = false })
            .Entries is [var entry] ? entry : null;

    private LedgerReader Ledger => new(connection, known.LedgerTexts);
    public LedgerProof VerifyLedger(LedgerReceipt? receipt) => new LedgerVerification(connection, known.Key, receipt).Verify();
    public LedgerReceipt Receipt(DateTimeOffset now) => LedgerHead.Sign(connection, known.Key, now);

    /// <summary>The last row of the ledger that retention lets go of; 0 when there is none.</summary>
    public long LastToErase(long before)
    {
        LedgerHead.Read(connection, stackalloc byte[32], out var erased);
        return LedgerErasure.Last(connection, before) is var last && last > erased ? last : 0;
    }

    public string? Setting(string name) => OneText(connection.Use("SELECT value FROM setting WHERE name = ?1").Bind(1, name));

    public IReadOnlyList<(string Name, string Value)> Settings(string prefix)
    {
        var found = new List<(string, string)>();
        using var rows = connection.Use("SELECT name, value FROM setting WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name").Bind(1, prefix);
        while (rows.Step()) found.Add((rows.Text(0), rows.Text(1)));
        return found;
    }

    private static string? OneText(Statement statement)
    {
        using (statement) return statement.Step() ? statement.Text(0) : null;
    }

    public void Dispose()
    {
        if (!isOpen) return;
        isOpen = false;
        back?.Invoke(pooled);
    }
}
