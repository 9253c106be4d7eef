using FhirCarePlan.Care;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>A resource that a unit of work has written and not yet committed.</summary>
/// <param name="Sent">The document as it was sent; null for a deletion.</param>
/// <param name="Before">Null for what never was. What was deleted comes back as it was when it went.</param>
public sealed record Staged(VersionToWrite Write, Effects Effects, Document? Sent, Known? Before)
{
    public StoredVersion Version => Write.Version;
}

/// <summary>What one unit of work writes, until all of it is committed or none.</summary>
public sealed class Staging
{
    private Dictionary<(string Type, string Id), Staged> staged = [];
    private readonly HashSet<string> relied = [];

    public bool IsEmpty => staged.Count == 0;
    public IReadOnlyCollection<Staged> All => staged.Values;
    /// <summary>Persons on all of whose record a rule has decided.</summary>
    public IReadOnlyCollection<string> Relied => relied;

    public Staged? Find(string type, string id) => staged.GetValueOrDefault((type, id));

    public void Add(Staged written) => staged[(written.Version.Type, written.Version.Id)] = written;

    /// <summary>What is written was decided on all that is on record about this person: of two such changes at once the second is decided anew.</summary>
    public void Rely(string person) => relied.Add(person);

    /// <summary>Gives up what was to be written.</summary>
    public void Drop() => staged.Clear();

    /// <summary>Does something on the committed state and takes it back.</summary>
    public T Try<T>(Func<T> attempt)
    {
        var own = staged;
        staged = [];
        try
        {
            return attempt();
        }
        finally
        {
            staged = own;
        }
    }
}
