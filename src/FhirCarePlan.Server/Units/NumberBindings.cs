using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>The records that state the same NHS number. For refusals they are one person: a refusal at a record with the verified number
/// binds every other that states it, verified or not. For reading, records with the verified number may be one as far as that is backed
/// (`Sharing.Ties.Backing`; src/docs/sharing.md#ties).</summary>
internal sealed class NumberBindings(ISnapshot snapshot)
{
    private readonly Dictionary<string, PatientLink> written = [];

    /// <summary>The same change's statement about a Patient.</summary>
    public void Add(PatientLink link) => written[link.PatientId] = link;

    /// <summary>Who states a number that is verified for this person.</summary>
    public IEnumerable<string> BoundBy(string person) =>
        LinksOf(person).Select(l => l.VerifiedNumberHash).OfType<byte[]>().SelectMany(h => Stating(h).Concat(Verified(h)))
            .Where(bound => bound != person).Distinct().ToList();

    /// <summary>For whom a number is verified that this person's Patients state.</summary>
    public IEnumerable<string> Binding(string person) =>
        LinksOf(person).SelectMany(l => l.VerifiedNumberHash is { } own ? l.StatedNumberHashes.Append(own) : l.StatedNumberHashes)
            .SelectMany(Verified)
            .Where(owner => owner != person).Distinct().ToList();

    /// <summary>For whom else the same number is verified.</summary>
    public IReadOnlyList<string> Same(string person) =>
        [.. NumbersOf(person).SelectMany(Verified).Where(other => other != person).Distinct()];

    /// <summary>The person's verified numbers; of an older database there may be several.</summary>
    public IEnumerable<byte[]> NumbersOf(string person) => LinksOf(person).Select(l => l.VerifiedNumberHash).OfType<byte[]>();

    public IEnumerable<PatientLink> LinksOf(string person) => AsWritten(snapshot.LinksOfPerson(person), link => link.Person == person);

    private IEnumerable<string> Stating(byte[] hash) =>
        AsWritten(snapshot.LinksStating(hash), link => link.StatedNumberHashes.Any(h => h.AsSpan().SequenceEqual(hash)))
            .Select(l => l.Person);

    private IEnumerable<string> Verified(byte[] hash) =>
        AsWritten(snapshot.LinksOfNumber(hash), link => link.VerifiedNumberHash is { } verified && verified.AsSpan().SequenceEqual(hash))
            .Select(l => l.Person);

    private IEnumerable<PatientLink> AsWritten(IEnumerable<PatientLink> stored, Func<PatientLink, bool> fits) =>
        stored.Where(l => !written.ContainsKey(l.PatientId)).Concat(written.Values.Where(fits));
}
