using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Sharing.Ties;

/// <summary>The ties that can be backed at one record, each with its possible vouchers and, for a tie asserted about another record of the
/// same number, with those who say that it is the same person.</summary>
internal sealed class TieFacts
{
    /// <param name="Joins">One of them must be vouched for too; null for a tie of the record itself.</param>
    public sealed record Need(string Voucher, Span Within, IReadOnlyList<string>? Joins);

    private readonly List<List<Need>> needs = [];
    private readonly Protocol protocol;
    private readonly Words words;

    /// <summary>First the record's own, then those of its other records.</summary>
    public List<Tie> All { get; } = [];
    public IReadOnlyList<Tie> Own { get; }
    /// <summary>Requests as their receivers have them, and answers as the requesters have them.</summary>
    public IReadOnlyList<Tie> Letters { get; }

    public TieFacts(Protocol protocol, PersonFacts person, IReadOnlyList<PersonFacts> sameNumber, DateTimeOffset now)
    {
        this.protocol = protocol;
        words = new Words(protocol, person, now);
        foreach (var tie in Standing(person)) Add(tie, words, null);
        Own = [.. All];
        Letters = [.. person.Ties.Where(t => t.Kind == Relation.ReferralSent), .. Requests(person.Ties)];
        foreach (var other in sameNumber) AddOther(other, now);
    }

    private void AddOther(PersonFacts other, DateTimeOffset now)
    {
        var joins = other.Patients.Where(p => p.IsOfNumber).Select(p => p.IsConfirmed ? BackedTie.Everybody : p.Holder).Distinct().ToList();
        if (joins.Count == 0) return;
        var theirs = new Words(protocol, other, now);
        foreach (var tie in Standing(other)) Add(tie, theirs, joins);
        // Who speaks for one of a person's records reads the others as well, once they are known to be theirs.
        if (protocol.PartyOfPeople is { } people)
            foreach (var patient in other.Patients)
                Add(new Tie("", people.Id, Relation.Self, $"Patient/{patient.Id}", DateTimeOffset.MinValue, null, "", BackedTie.Everybody),
                    theirs, joins);
    }

    private void Add(Tie tie, Words said, IReadOnlyList<string>? joins)
    {
        var within = new Span(0, tie.From, tie.To ?? DateTimeOffset.MaxValue);
        All.Add(tie);
        needs.Add([new Need(tie.Asserter, within, joins), .. said.Behind(tie.Party, tie.Actor)
            .Select(b => new Need(b.Voucher, within & new Span(0, b.From, b.Until), joins))]);
    }

    public IReadOnlyList<Need> NeedsOf(int tie) => needs[tie];

    /// <summary>The parties that asserted, have, recorded or keep something: for all other parties the same is backed as for the
    /// keeper.</summary>
    public IEnumerable<string> Parties =>
        needs.SelectMany(n => n).SelectMany(n => n.Joins is null ? [n.Voucher] : n.Joins.Append(n.Voucher)).Concat(All.Select(t => t.Party))
        .Where(p => p != BackedTie.Everybody).Distinct();

    /// <summary>A tie with which its party may bring in others.</summary>
    public bool Vouches(int tie) => All[tie] is { Actor: null } t && (t.Kind & Relation.Working) != 0
        && protocol.Party(t.Party) is { Status: PartyStatus.Joined } && !words.Refuse(t.Party);

    /// <summary>Without letters, and without acceptances of requests that are no longer made.</summary>
    private static IEnumerable<Tie> Standing(PersonFacts person) => person.Ties.Where(t =>
        (t.Kind & (Relation.ReferralPending | Relation.ReferralSent | Relation.ReferralAsked | Relation.ReferralClosed)) == 0
        && (t.Answers is null || person.Ties.Any(asked => asked.Cause == t.Answers && asked.Party == t.Party)));

    /// <summary>A request is its owner's to read while it waits for an answer, and on while the owner works on it.</summary>
    private static IEnumerable<Tie> Requests(IReadOnlyList<Tie> ties)
    {
        foreach (var request in ties.Where(t => (t.Kind & (Relation.ReferralPending | Relation.ReferralAsked)) != 0))
        {
            var answers = ties.Where(t => t.Answers == request.Cause).Aggregate(0L, (kinds, t) => kinds | t.Kind);
            if ((answers & Relation.Referral) != 0 || request.Kind == Relation.ReferralPending && (answers & Relation.ReferralClosed) == 0)
                yield return request with { Kind = Relation.ReferralPending };
        }
    }
}
