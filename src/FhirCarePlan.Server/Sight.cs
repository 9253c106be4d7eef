using FhirCarePlan.Sharing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server;

/// <summary>What one caller may see in one snapshot: asks Decide for each kind of standing it meets, and remembers the answers.
/// https://hl7.org/fhir/R4/security.html; sharing.md §1, §11</summary>
public sealed class Sight(Caller caller, InForce inForce, ISnapshot snapshot, DateTimeOffset now)
{
    private readonly Dictionary<string, (int Class, long Kinds)> standings = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Action, string Type, bool IsHome, bool HasPerson, int Class, long Kinds), Decision> decisions = [];
    private StandingKey? key;

    public Caller Caller => caller;
    public DateTimeOffset Now => now;
    public InForce InForce => inForce;

    /// <summary>How the caller stands to a person: whom the store must look up for a search.</summary>
    public StandingKey Key => key ??= new StandingKey(caller.Party ?? "", Actors(), SelfPerson(), Relation.Self, now);

    private List<string> Actors()
    {
        var actors = new List<string>(3);
        if (caller.PractitionerRole is { } role) actors.Add(role);
        if (caller.RelatedPerson is { } related) actors.Add(related);
        if (caller.Patient is { } patient) actors.Add(patient);
        return actors;
    }

    private string? SelfPerson() =>
        caller.Patient is { } patient && patient.StartsWith("Patient/", StringComparison.Ordinal) ? snapshot.PersonOfPatient(patient["Patient/".Length..]) : null;

    /// <summary>The decision for one stored resource, or for one about to be stored.</summary>
    public Decision Decide(string action, string type, string holder, string? person)
    {
        var (consentClass, kinds) = person is null ? (0, 0L) : Standing(person);
        return Decide(action, type, holder == caller.Party, person != null, consentClass, kinds);
    }

    public Decision Decide(string action, string type, bool isHome, bool hasPerson, int consentClass, long kinds)
    {
        var question = (action, type, isHome, hasPerson, consentClass, kinds);
        if (decisions.TryGetValue(question, out var known)) return known;
        var state = consentClass == 0 ? ConsentState.None : new ConsentState(snapshot.ConsentState(consentClass));
        return decisions[question] = inForce.Decide(new Question(caller, action, type, isHome, hasPerson, kinds, state), now);
    }

    public long Kinds(string person) => Standing(person).Kinds;

    private (int Class, long Kinds) Standing(string person)
    {
        if (standings.TryGetValue(person, out var known)) return known;
        var key = Key;
        var kinds = key.SelfPerson == person ? key.SelfKind : 0;
        foreach (var row in snapshot.Relationships(person))
            if (row.Party == key.Party && row.From <= now && (row.To is null || row.To > now) && (row.Actor is null || key.Actors.Contains(row.Actor)))
                kinds |= row.Kind;
        return standings[person] = (snapshot.FindPerson(person)?.ConsentClass ?? 0, kinds);
    }

    /// <summary>Null when the resource is not in the caller's view.</summary>
    public Seen? See(StoredVersion? version)
    {
        if (version is null) return null;
        var decision = Decide("read", version.Type, version.Holder, version.Person);
        return (version.RootMask & ~decision.Permitted) == 0 ? new Seen(version, decision) : null;
    }
}

/// <summary>A resource in a caller's view, with the decision that lets it be there.</summary>
public sealed record Seen(StoredVersion Version, Decision Decision)
{
    public long Permitted => Decision.Permitted;
}
