using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server;

/// <summary>Turns what a unit of work staged into one change of the store: versions, persons, relationships and consent classes together.</summary>
public sealed class ChangeBuilder(Engine engine, ISnapshot snapshot, DateTimeOffset now)
{
    private readonly Dictionary<string, Person> persons = [];
    private readonly Dictionary<string, long> revisions = [];
    private readonly Dictionary<string, List<ConsentRow>> consents = [];

    public Change Build(IReadOnlyList<(VersionToWrite Write, Effects Effects)> staged)
    {
        var patients = new List<PatientLink>();
        var causes = new List<string>();
        var relationships = new List<Relationship>();
        var consentIds = new List<string>();
        var consentRows = new List<ConsentRow>();
        foreach (var (write, effects) in staged)
        {
            if (effects.Person is { } person) Decided(person, effects.IsNewPerson);
            if (effects.Identity is { } identity)
                patients.Add(new PatientLink(identity.PatientId, identity.Person, identity.VerifiedNumber is { } number ? engine.NumberHash(number) : null));
            if (effects.Ties is { } ties)
            {
                causes.Add($"{write.Version.Type}/{write.Version.Id}");
                relationships.AddRange(ties.Select(t => new Relationship(t.Person, t.Party, t.Kind, t.Actor, t.From, t.To, t.Cause)));
                if (effects.Person != null) Changed(effects.Person);
            }
            if (effects.Consent is { } consent && effects.Person is { } subject)
            {
                consentIds.Add(consent.ConsentId);
                var rows = ConsentsOf(subject);
                rows.RemoveAll(r => r.ConsentId == consent.ConsentId);
                if (consent.Facts is { } facts)
                {
                    var row = new ConsentRow(subject, consent.ConsentId, facts, consent.LapsesAt);
                    rows.Add(row);
                    consentRows.Add(row);
                }
                Changed(subject);
            }
        }
        foreach (var (key, rows) in consents) persons[key] = Interned(persons[key], rows);
        return new Change
        {
            Versions = [.. staged.Select(s => s.Write)],
            Persons = [.. persons.Values],
            Patients = patients,
            RelationshipCauses = causes,
            Relationships = relationships,
            ConsentIds = consentIds,
            Consents = consentRows,
            PersonRevisions = revisions,
        };
    }

    /// <summary>Consent classes of these persons interned again, since a permit has lapsed.</summary>
    public Change Reintern(IEnumerable<Person> outdated)
    {
        foreach (var person in outdated)
        {
            revisions[person.Key] = person.Revision;
            persons[person.Key] = Interned(person with { Revision = person.Revision + 1 }, [.. snapshot.Consents(person.Key)]);
        }
        return new Change { Persons = [.. persons.Values], PersonRevisions = revisions };
    }

    private Person Interned(Person person, List<ConsentRow> rows)
    {
        var (state, boundary) = ConsentState.InForce(rows.Select(r => (r.ConsentId, r.Facts)), now);
        return person with { ConsentClass = engine.Store.ConsentClass(state.State), NextBoundary = boundary };
    }

    private void Decided(string key, bool isNew)
    {
        if (isNew) persons.TryAdd(key, new Person(key, 0, 1, null));
        else if (!persons.ContainsKey(key) && snapshot.FindPerson(key) is { } known) revisions[key] = known.Revision;
    }

    private void Changed(string key)
    {
        if (!persons.ContainsKey(key) && snapshot.FindPerson(key) is { } known) persons[key] = known with { Revision = known.Revision + 1 };
    }

    private List<ConsentRow> ConsentsOf(string person)
    {
        if (!consents.TryGetValue(person, out var rows)) consents[person] = rows = [.. snapshot.Consents(person)];
        return rows;
    }
}
