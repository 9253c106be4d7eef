using FhirCarePlan.Server.Core;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>Turns what a unit of work staged into one change of the store: versions, persons, relationships and consent classes together.</summary>
public sealed class ChangeBuilder(Engine engine, ISnapshot snapshot, DateTimeOffset now)
{
    private readonly Dictionary<string, Person> persons = [];
    private readonly Dictionary<string, long> revisions = [];
    private readonly Dictionary<string, List<ConsentRow>> consents = [];
    private readonly HashSet<string> outdated = [];
    private readonly NumberBindings numbers = new(snapshot);

    /// <param name="relied">Persons on all of whose record a rule has decided.</param>
    public Change Build(IReadOnlyList<(VersionToWrite Write, Effects Effects)> staged, IReadOnlyCollection<string> relied)
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
            {
                var link = new PatientLink(identity.PatientId, identity.Person, identity.VerifiedNumber is { } number ? engine.NumberHash(number) : null,
                    [.. identity.StatedNumbers.Select(engine.NumberHash)]);
                patients.Add(link);
                numbers.Add(link);
            }
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
                outdated.Add(subject);
            }
        }
        foreach (var person in relied)
        {
            Decided(person, false);
            Changed(person);
        }
        foreach (var link in patients) Bind(link.Person);
        foreach (var key in outdated.ToList()) outdated.UnionWith(numbers.BoundBy(key));
        foreach (var key in outdated)
        {
            Changed(key);
            persons[key] = Interned(persons[key]);
        }
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
    public Change Reintern(IEnumerable<Person> lapsed)
    {
        foreach (var person in lapsed)
        {
            revisions[person.Key] = person.Revision;
            persons[person.Key] = Interned(person with { Revision = person.Revision + 1 });
        }
        return new Change { Persons = [.. persons.Values], PersonRevisions = revisions };
    }

    /// <summary>A Patient's numbers are written: what binds this person, and whom it binds, may be others than before. Who binds gets a new
    /// revision, so that a refusal of theirs that is being recorded meanwhile is decided again.</summary>
    private void Bind(string person)
    {
        foreach (var binding in numbers.Binding(person))
        {
            Changed(binding);
            outdated.Add(person);
        }
        if (snapshot.LinksOfPerson(person).Any(l => l.StatedNumberHashes.Count > 0)) outdated.Add(person);
        outdated.UnionWith(numbers.BoundBy(person));
    }

    private Person Interned(Person person)
    {
        var (state, boundary) = ConsentState.InForce(Facts(person.Key), now, numbers.Binding(person.Key).SelectMany(Facts));
        return person with { ConsentClass = engine.Store.ConsentClass(state.State), NextBoundary = boundary };
    }

    private IEnumerable<(string, string)> Facts(string person) => ConsentsOf(person).Select(r => (r.ConsentId, r.Facts));

    private void Decided(string key, bool isNew)
    {
        if (isNew) persons.TryAdd(key, new Person(key, 0, 1, null));
        else if (!persons.ContainsKey(key) && snapshot.FindPerson(key) is { } known) revisions[key] = known.Revision;
    }

    private void Changed(string key)
    {
        if (persons.ContainsKey(key) || snapshot.FindPerson(key) is not { } known) return;
        persons[key] = known with { Revision = known.Revision + 1 };
        revisions[key] = known.Revision;
    }

    private List<ConsentRow> ConsentsOf(string person)
    {
        if (!consents.TryGetValue(person, out var rows)) consents[person] = rows = [.. snapshot.Consents(person)];
        return rows;
    }
}
