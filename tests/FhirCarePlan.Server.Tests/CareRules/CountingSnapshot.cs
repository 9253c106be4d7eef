using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>Counts how often the store is asked.</summary>
internal sealed class CountingSnapshot(ISnapshot inner) : ISnapshot
{
    public int Calls { get; set; }
    public bool IsClosed { get; private set; }

    public bool IsPassing => inner.IsPassing;

    private ISnapshot Asked
    {
        get
        {
            Calls++;
            return inner;
        }
    }

    public StoredVersion? Find(string type, string id) => Asked.Find(type, id);
    public (StoredVersion Head, bool IsIt)? Head(string type, string id) => Asked.Head(type, id);
    public IReadOnlyList<StoredVersion> FindAll(IReadOnlyList<(string Type, string Id)> resources) => Asked.FindAll(resources);
    public IReadOnlyList<StoredVersion> About(string person, IReadOnlyList<string> types, string? code) => Asked.About(person, types, code);
    public DateTimeOffset? LastWritten(string person) => Asked.LastWritten(person);
    public IReadOnlyList<StoredVersion> OfPerson(string person) => Asked.OfPerson(person);
    public VersionStamp? VisibleVersion(string type, string id, long mask) => Asked.VisibleVersion(type, id, mask);
    public StoredVersion? FindVersion(string type, string id, string versionId) => Asked.FindVersion(type, id, versionId);
    public IReadOnlyList<StoredVersion> History(string type, string id) => Asked.History(type, id);
    public IReadOnlyList<StoredVersion> Heads(string type, string id) => Asked.Heads(type, id);
    public IReadOnlyList<HistoryRow> History(HistoryQuery query, SearchScope scope) => Asked.History(query, scope);
    public HistoryHit Fetch(HistoryRow row) => Asked.Fetch(row);
    public IReadOnlyList<QueryValue> Values(SearchParameter parameter) => Asked.Values(parameter);
    public IReadOnlyList<StoredVersion> Slice(string? afterType, string? afterId, int count) => Asked.Slice(afterType, afterId, count);
    public long? RootMask(string type, string id) => Asked.RootMask(type, id);
    public IReadOnlyList<(string Type, string Id)> Referrers(string type, string id) => Asked.Referrers(type, id);
    public Person? FindPerson(string key) => Asked.FindPerson(key);
    public string? PersonOfPatient(string patientId) => Asked.PersonOfPatient(patientId);
    public IReadOnlyList<string> PatientsOfPerson(string person) => Asked.PatientsOfPerson(person);
    public IReadOnlyList<PatientLink> LinksOfNumber(byte[] verifiedNumberHash) => Asked.LinksOfNumber(verifiedNumberHash);
    public IReadOnlyList<Backing> Backings(string person) => Asked.Backings(person);
    public IReadOnlyList<Person> Persons(string? after, int count) => Asked.Persons(after, count);
    public IReadOnlyList<PatientLink> LinksOfPerson(string person) => Asked.LinksOfPerson(person);
    public IReadOnlyList<PatientLink> LinksStating(byte[] numberHash) => Asked.LinksStating(numberHash);
    public IReadOnlyList<Relationship> Relationships(string person) => Asked.Relationships(person);
    public IReadOnlyList<Relationship> RelationshipsByCause(string cause) => Asked.RelationshipsByCause(cause);
    public IReadOnlyList<ConsentRow> Consents(string person) => Asked.Consents(person);
    public string ConsentState(int consentClass) => Asked.ConsentState(consentClass);
    public IReadOnlyList<Person> PersonsPastBoundary(DateTimeOffset now) => Asked.PersonsPastBoundary(now);
    public SearchPage Search(SearchQuery query, SearchScope scope) => Asked.Search(query, scope);
    public AuditPage Audit(AuditQuery query) => Asked.Audit(query);
    public AuditEntry? FindAudit(string id, AuditReader reader) => Asked.FindAudit(id, reader);
    public void Dispose()
    {
        IsClosed = true;
        inner.Dispose();
    }
}
