using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>Whose refusals bind whom: a Patient that states somebody's NHS number, unverified, is a person of its own until a registrar joins
/// it, and until then what the person of that number refuses is refused for it as well (sharing.md §11).</summary>
internal sealed class NumberBindings(ISnapshot snapshot)
{
    private readonly Dictionary<string, PatientLink> written = [];

    /// <summary>What the same change says of a Patient.</summary>
    public void Add(PatientLink link) => written[link.PatientId] = link;

    /// <summary>Who states a number that is this person's.</summary>
    public IEnumerable<string> BoundBy(string person) =>
        LinksOf(person).Select(l => l.VerifiedNumberHash).OfType<byte[]>().SelectMany(Stating).Where(bound => bound != person).Distinct().ToList();

    /// <summary>Whose numbers this person's Patients state.</summary>
    public IEnumerable<string> Binding(string person) =>
        LinksOf(person).SelectMany(l => l.StatedNumberHashes).Select(Owner).OfType<string>().Where(owner => owner != person).Distinct().ToList();

    private IEnumerable<PatientLink> LinksOf(string person) => AsWritten(snapshot.LinksOfPerson(person), link => link.Person == person);

    private IEnumerable<string> Stating(byte[] hash) =>
        AsWritten(snapshot.LinksStating(hash), link => link.StatedNumberHashes.Any(h => h.AsSpan().SequenceEqual(hash))).Select(l => l.Person);

    private string? Owner(byte[] hash) =>
        written.Values.FirstOrDefault(l => l.VerifiedNumberHash is { } verified && verified.AsSpan().SequenceEqual(hash))?.Person ?? snapshot.PersonOfNumber(hash);

    private IEnumerable<PatientLink> AsWritten(IEnumerable<PatientLink> stored, Func<PatientLink, bool> fits) =>
        stored.Where(l => !written.ContainsKey(l.PatientId)).Concat(written.Values.Where(fits));
}
