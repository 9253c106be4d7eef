using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Writing;

/// <summary>The resources and persons that a group of changes will look at. Where the database is far they are asked for in one trip, before
/// the first change is checked, and kept up to date while the group is written; where it is near each is looked up in its turn.</summary>
internal sealed class Foreseen(Connection connection)
{
    internal sealed record Resource(long Key, long Version, string VersionId, long Root);

    internal readonly record struct Person(long No, long Revision);

    private const string ResourcesSql = """
        SELECT r.type, r.id, r.key, r.version, r.version_id, r.root_mask FROM json_each(?1) k
        CROSS JOIN resource r ON r.type = k.value ->> 0 AND r.id = k.value ->> 1
        """;

    private const string PersonsSql = "SELECT p.key, p.no, p.revision FROM json_each(?1) k CROSS JOIN person p ON p.key = k.value ->> 0";

    private readonly Dictionary<(string Type, string Id), Resource?> resources = [];
    private readonly Dictionary<string, Person?> persons = new(StringComparer.Ordinal);

    public Resource? Find(string type, string id)
    {
        if (resources.TryGetValue((type, id), out var known)) return known;
        using var row = connection.Use("SELECT key, version, version_id, root_mask FROM resource WHERE type = ?1 AND id = ?2").Bind(1, type)
            .Bind(2, id);
        return row.Step() ? new(row.Int64(0), row.Int64(1), row.Text(2), row.Int64(3)) : null;
    }

    public Person? Find(string key)
    {
        if (persons.TryGetValue(key, out var known)) return known;
        using var row = connection.Use("SELECT no, revision FROM person WHERE key = ?1").Bind(1, key);
        return row.Step() ? new(row.Int64(0), row.Int64(1)) : null;
    }

    public void Now(string type, string id, Resource written)
    {
        if (connection.IsFar) resources[(type, id)] = written;
    }

    public void Now(string key, Person written)
    {
        if (connection.IsFar) persons[key] = written;
    }

    /// <summary>What was written is taken back: from here on everything is looked up in its turn.</summary>
    public void Forget()
    {
        resources.Clear();
        persons.Clear();
    }

    /// <param name="besides">Goes in the same trip.</param>
    public void Fetch(IEnumerable<WriteWork> group, Statement besides)
    {
        Forget();
        foreach (var work in group)
        {
            if (work.Change is { } change) Expect(change);
            foreach (var entry in work.SealedAudit) Expect(entry.Entry);
        }
        var asked = new List<Statement> { besides };
        if (resources.Count > 0)
            asked.Add(connection.Use(ResourcesSql).BindUtf8(1, Tuples.Of(resources.Keys, one => one.Type, one => one.Id)));
        if (persons.Count > 0) asked.Add(connection.Use(PersonsSql).BindUtf8(1, Tuples.Of(persons.Keys, one => one)));
        connection.Ask(asked);
        if (resources.Count > 0)
            using (var row = connection.Use(ResourcesSql))
                while (row.Step())
                    resources[(row.Text(0), row.Text(1))] = new(row.Int64(2), row.Int64(3), row.Text(4), row.Int64(5));
        if (persons.Count == 0) return;
        using var person = connection.Use(PersonsSql);
        while (person.Step()) persons[person.Text(0)] = new(person.Int64(1), person.Int64(2));
    }

    private void Expect(Change change)
    {
        foreach (var write in change.Versions)
        {
            resources.TryAdd((write.Version.Type, write.Version.Id), null);
            if (write.Version.Person is { } about) persons.TryAdd(about, null);
        }
        foreach (var reference in change.ReferencedRoots.Keys) Expect(reference);
        foreach (var key in change.PersonRevisions.Keys) persons.TryAdd(key, null);
        foreach (var person in change.Persons) persons.TryAdd(person.Key, null);
        foreach (var link in change.Patients) persons.TryAdd(link.Person, null);
        foreach (var relationship in change.Relationships) persons.TryAdd(relationship.Person, null);
        foreach (var key in change.ErasedPersons) persons.TryAdd(key, null);
        foreach (var key in change.BackedPersons) persons.TryAdd(key, null);
        foreach (var backing in change.Backings) persons.TryAdd(backing.Person, null);
        foreach (var consent in change.Consents) persons.TryAdd(consent.Person, null);
    }

    private void Expect(AuditEntry entry)
    {
        Expect(entry.Target);
        foreach (var detail in entry.Details)
            foreach (var id in detail.Ids) Expect(id);
    }

    private void Expect(string reference)
    {
        if (Reference.TryKey(reference, out var type, out var id)) resources.TryAdd((type, id.ToString()), null);
    }
}
