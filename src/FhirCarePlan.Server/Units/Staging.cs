using FhirCarePlan.Care;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>A resource that a unit of work has written and not yet committed.</summary>
/// <param name="Sent">The document as it was sent; null for a deletion.</param>
/// <param name="Before">Null for a new resource. A deleted resource comes back as it was when it was deleted.</param>
public sealed record Staged(VersionToWrite Write, Effects Effects, Document? Sent, Known? Before)
{
    public StoredVersion Version => Write.Version;
}

/// <summary>What one unit of work writes, until all of it is committed or none.</summary>
public sealed class Staging
{
    private Dictionary<(string Type, string Id), Staged> staged = [];
    /// <summary>Persons whom this unit creates → what causes relationships of theirs.</summary>
    private Dictionary<string, HashSet<(string Type, string Id)>> founded = [];
    private readonly HashSet<string> relied = [];
    private readonly HashSet<string> patients = [];

    public bool IsEmpty => staged.Count == 0;
    /// <summary>Two requests wrote the same resource.</summary>
    public bool HasOverlap { get; private set; }
    /// <summary>Of so many resources that what each holds counts.</summary>
    public bool IsLarge => staged.Count >= 32;
    public IReadOnlyCollection<Staged> All => staged.Values;
    /// <summary>Persons on all of whose record a rule has decided.</summary>
    public IReadOnlyCollection<string> Relied => relied;

    public Staged? Find(string type, string id) => staged.GetValueOrDefault((type, id));

    /// <summary>What a request writes; `Add` also takes it again with other labels.</summary>
    public void Write(Staged written)
    {
        HasOverlap |= staged.ContainsKey((written.Version.Type, written.Version.Id));
        Add(written);
    }

    public void Add(Staged written)
    {
        var key = (written.Version.Type, written.Version.Id);
        staged[key] = written;
        if (key.Type == "Patient") patients.Add(key.Id);
        if (written.Effects is not { Person: { } person } effects) return;
        if (effects.IsNewPerson) founded.TryAdd(person, []);
        if (effects.Ties != null && founded.TryGetValue(person, out var causes)) causes.Add(key);
    }

    /// <summary>This unit creates the person, so all that is known about them is its own.</summary>
    public bool Founds(string? person) => person != null && founded.ContainsKey(person);

    /// <summary>Ids of Patients written by this unit that state this NHS number, verified or not.</summary>
    public IEnumerable<string> PatientsWith(string number) =>
        patients.Where(id => Find("Patient", id)?.Effects.Identity is { } identity
            && (identity.VerifiedNumber == number || identity.StatedNumbers.Contains(number)));

    /// <summary>Relationships, as this unit leaves them, of a person whom it creates.</summary>
    public IEnumerable<Tie> TiesOfNew(string person) =>
        founded.TryGetValue(person, out var causes) ? causes.SelectMany(c => staged[c].Effects.Ties!) : [];

    /// <summary>The write was decided on everything on record about this person: if two such changes come at once, the second is decided
    /// again.</summary>
    public void Rely(string person) => relied.Add(person);

    /// <summary>Drops the staged writes.</summary>
    public void Drop()
    {
        staged.Clear();
        founded.Clear();
    }

    /// <summary>Does something on the committed state and takes it back.</summary>
    public T Try<T>(Func<T> attempt)
    {
        var own = (staged, founded);
        (staged, founded) = ([], []);
        try
        {
            return attempt();
        }
        finally
        {
            (staged, founded) = own;
        }
    }
}
