using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Reading;

/// <summary>Answers to what is expected to be asked, all fetched in one trip (<see cref="Expected"/>).</summary>
internal sealed class Ahead
{
    /// <summary>The row of the target or, like <see cref="HeadReader"/>, of the nearest other resource.</summary>
    private const string Near = """
        COALESCE((SELECT n.key FROM resource n WHERE (n.type, n.id) >= (?1, ?2) ORDER BY n.type, n.id LIMIT 1),
            (SELECT n.key FROM resource n WHERE (n.type, n.id) < (?1, ?2) ORDER BY n.type DESC, n.id DESC LIMIT 1))
        """;

    private const string HeadSql = $"SELECT {HeadReader.Columns} FROM resource r LEFT JOIN person p ON p.no = r.person WHERE r.key = {Near}";

    private const string Persons = $"""
        (SELECT r.person FROM resource r WHERE r.key = {Near} AND r.person IS NOT NULL
        UNION SELECT r.person FROM json_each(?3) k CROSS JOIN resource r ON r.type = k.value ->> 0 AND r.id = k.value ->> 1 WHERE r.person IS NOT NULL) w
        CROSS JOIN person p ON p.no = w.person
        """;

    private const string PersonsSql = $"SELECT {PersonReader.Columns} FROM {Persons}";
    private const string BackingsSql = $"""
        SELECT {BackingReader.Columns}, p.key FROM {Persons} CROSS JOIN backing k ON k.person = p.no
        ORDER BY p.key, k.party, k.kind, k.actor, k.regard, k.since
        """;
    private const string PatientsSql = $"SELECT p.key, l.patient FROM {Persons} CROSS JOIN person_patient l ON l.person = p.no ORDER BY p.key, l.patient";
    private const string RelationshipsSql = $"""
        SELECT {PersonReader.RelationshipColumns} FROM {Persons} CROSS JOIN relationship k ON k.person = p.no
        ORDER BY p.key, k.party, k.kind, k.actor, k.since
        """;

    private readonly (string Type, string Id)? target;
    private readonly (StoredVersion Head, bool IsIt)? head;
    private readonly Dictionary<(string, string), StoredVersion?> versions = [];
    private readonly Dictionary<string, Person> persons = new(StringComparer.Ordinal);
    private readonly ILookup<string, Backing> backings;
    private readonly ILookup<string, string> patients;
    private readonly ILookup<string, Relationship>? relationships;
    private readonly Dictionary<string, string> byPatient = new(StringComparer.Ordinal);

    /// <param name="first">Goes in the same trip.</param>
    public Ahead(Connection connection, Expected expected, Statement first)
    {
        target = expected.Target;
        var keys = expected.References.Distinct().ToList();
        var (head, ofPersons, ofBackings, ofPatients) = (About(HeadSql), About(PersonsSql), About(BackingsSql), About(PatientsSql));
        var ofRelationships = expected.WithRelationships ? About(RelationshipsSql) : null;
        var whole = keys.Count > 0 ? VersionsReader.Asking(connection, keys) : null;
        connection.Ask([.. ((Statement?[])[first, target is null ? null : head, ofPersons, ofBackings, ofPatients, ofRelationships, whole]).OfType<Statement>()]);

        if (target is var (type, id)) this.head = HeadReader.One(head, type, id);
        foreach (var key in keys) versions[key] = null;
        if (whole != null)
            foreach (var version in VersionsReader.Read(whole)) versions[(version.Type, version.Id)] = version;
        foreach (var person in Rows(ofPersons, PersonReader.ReadPerson)) persons[person.Key] = person;
        backings = Rows(ofBackings, row => BackingReader.Read(row, row.Text(6))).ToLookup(tie => tie.Person);
        var links = Rows(ofPatients, row => (Person: row.Text(0), Patient: row.Text(1)));
        foreach (var (person, patient) in links) byPatient[patient] = person;
        patients = links.ToLookup(link => link.Person, link => link.Patient);
        if (ofRelationships != null) relationships = PersonReader.ReadRelationships(ofRelationships).ToLookup(one => one.Person);

        Statement About(string sql)
        {
            var asked = connection.Use(sql).Bind(1, target?.Type ?? "").Bind(2, target?.Id ?? "");
            return ReferenceEquals(sql, HeadSql) ? asked : asked.BindUtf8(3, Tuples.Of(keys, one => one.Type, one => one.Id));
        }
    }

    public bool Knows(string type, string id, out StoredVersion? version) => versions.TryGetValue((type, id), out version);

    public bool KnowsHead(string type, string id, out (StoredVersion Head, bool IsIt)? found)
    {
        found = head;
        return target == (type, id);
    }

    public Person? Person(string key) => persons.GetValueOrDefault(key);
    public string? PersonOfPatient(string patient) => byPatient.GetValueOrDefault(patient);
    public IReadOnlyList<Backing>? Backings(string person) => persons.ContainsKey(person) ? [.. backings[person]] : null;
    public IReadOnlyList<string>? Patients(string person) => persons.ContainsKey(person) ? [.. patients[person]] : null;
    public IReadOnlyList<Relationship>? Relationships(string person) =>
        relationships != null && persons.ContainsKey(person) ? [.. relationships[person]] : null;

    private static List<T> Rows<T>(Statement rows, Func<Statement, T> read)
    {
        var all = new List<T>();
        using (rows)
            while (rows.Step()) all.Add(read(rows));
        return all;
    }
}
