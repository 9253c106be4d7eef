using FhirCarePlan.Server.Core;
using FhirCarePlan.Sharing.Ties;
using FhirCarePlan.Sharing.Writing;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Units;

/// <summary>Computes which of a person's relationships count, and for whose data, as one change leaves them.</summary>
/// <param name="consents">The facts of a person's active Consents as the change leaves them.</param>
internal sealed class TieDerivation(Engine engine, ISnapshot snapshot, NumberBindings numbers, DateTimeOffset now,
    Func<string, IEnumerable<string>> consents)
{
    /// <summary>More records of one number than this are a mistake or a trick: none of them is another's.</summary>
    private const int MostRecords = 16;

    private readonly Sharing.Ties.Backing backing = new(engine.InForce.Protocol);
    private readonly HashSet<string> causes = [];
    private readonly List<Relationship> written = [];

    /// <summary>The change's relationships in place of those that this resource caused before.</summary>
    public void Replace(string cause, IEnumerable<Relationship> by)
    {
        causes.Add(cause);
        written.AddRange(by);
    }

    /// <summary>Whom it concerns when something about one of these persons changes: all records of their numbers.</summary>
    public IReadOnlyCollection<string> With(IEnumerable<string> persons) => persons.SelectMany(p => Others(p).Prepend(p)).ToHashSet();

    public IEnumerable<Storage.Backing> Of(string person) =>
        backing.Of(Facts(person, numbers.NumbersOf(person)), [.. Others(person).Select(o => Facts(o, numbers.NumbersOf(person)))], now)
        .Select(t =>
            new Storage.Backing(person, t.Party, t.Kind, t.Actor, t.From, t.To == DateTimeOffset.MaxValue ? null : t.To, t.Regard));

    private IReadOnlyList<string> Others(string person) => numbers.Same(person) is { Count: < MostRecords } few ? few : [];

    private PersonFacts Facts(string person, IEnumerable<byte[]> common) => new(
        [.. numbers.LinksOf(person)
            .Select(l =>
            new KeptPatient(l.PatientId, l.Holder, l.VerifiedNumberHash is { } own
            && common.Any(h => h.AsSpan().SequenceEqual(own)), l.IsConfirmed))],
        [.. snapshot.Relationships(person).Where(r => !causes.Contains(r.Cause)).Concat(written.Where(w => w.Person == person))
            .Select(r => new Tie(r.Person, r.Party, r.Kind, r.Actor, r.From, r.To, r.Cause, r.Asserter, r.Answers))],
        [.. consents(person)],
        [.. numbers.Binding(person).SelectMany(consents)]);
}
