using FhirCarePlan.Server.Core;
using FhirCarePlan.Sharing;
using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>Turns what a unit of work staged into one change of the store: versions, persons, relationships and consent classes
/// together.</summary>
public sealed class ChangeBuilder(Engine engine, ISnapshot snapshot, DateTimeOffset now)
{
    private readonly Dictionary<string, Person> persons = [];
    private readonly Dictionary<string, long> revisions = [];
    private readonly Dictionary<string, List<ConsentRow>> consents = [];
    private readonly HashSet<string> outdated = [];
    private readonly HashSet<string> tied = [];
    private readonly NumberBindings numbers = new(snapshot);
    private TieDerivation? derivation;

    private TieDerivation Ties => derivation ??= new(engine, snapshot, numbers, now, person => ConsentsOf(person).Select(r => r.Facts));

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
                var link = new PatientLink(identity.PatientId, identity.Person, identity.VerifiedNumber is { } number
                    ? engine.NumberHash(number) : null,
                    [.. identity.StatedNumbers.Select(engine.NumberHash)])
                { Holder = write.Version.Holder, IsConfirmed = identity.IsConfirmed };
                patients.Add(link);
                // Whose record it was until now, and whose it is from now on.
                tied.UnionWith(Ties.With([link.Person]));
                numbers.Add(link);
                tied.Add(link.Person);
            }
            if (effects.Ties is { } ties)
            {
                var cause = $"{write.Version.Type}/{write.Version.Id}";
                var caused = ties.Select(t =>
                    new Relationship(t.Person, t.Party, t.Kind, t.Actor, t.From, t.To, t.Cause, t.Asserter, t.Answers)).ToList();
                causes.Add(cause);
                relationships.AddRange(caused);
                if (effects.Person != null && (caused.Count > 0 || snapshot.RelationshipsByCause(cause).Count > 0))
                {
                    Ties.Replace(cause, caused);
                    tied.Add(effects.Person);
                }
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
                tied.Add(subject);
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
        tied.UnionWith(outdated);
        var derived = Derived();
        return new Change
        {
            BackedPersons = [.. derived.Keys],
            Backings = [.. derived.Values.SelectMany(b => b)],
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
        tied.UnionWith(persons.Keys);
        var derived = Derived();
        return new Change
        {
            Persons = [.. persons.Values], PersonRevisions = revisions, BackedPersons = [.. derived.Keys],
            Backings = [.. derived.Values.SelectMany(b => b)]
        };
    }

    /// <summary>Computes the backings of these persons again: another protocol may know other parties.</summary>
    public Change Derive(IEnumerable<string> all)
    {
        tied.UnionWith(all);
        var derived = Derived();
        return new Change
        {
            Persons = [.. persons.Values], PersonRevisions = revisions, BackedPersons = [.. derived.Keys],
            Backings = [.. derived.Values.SelectMany(b => b)]
        };
    }

    private Dictionary<string, List<Backing>> Derived()
    {
        if (tied.Count == 0) return [];
        var derived = new Dictionary<string, List<Backing>>();
        foreach (var key in Ties.With(tied))
        {
            Changed(key);
            if (persons.ContainsKey(key)) derived[key] = [.. Ties.Of(key)];
        }
        return derived;
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
        return person with { NewState = state.State, NextBoundary = boundary };
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
