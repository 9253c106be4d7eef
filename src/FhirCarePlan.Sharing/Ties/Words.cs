namespace FhirCarePlan.Sharing.Ties;

/// <summary>A person's Consents on ties: the recipients of permits, and the parties refused altogether.</summary>
internal sealed class Words
{
    /// <param name="Voucher">Who stands behind it: everybody for the person's own word, otherwise the party that recorded it.</param>
    /// <param name="To">Recipients.</param>
    private sealed record Permit(string Voucher, IReadOnlyList<string> To, DateTimeOffset From, DateTimeOffset Until);

    private readonly Protocol protocol;
    private readonly List<Permit> permits = [];
    private readonly List<ConsentStatement> refusals = [];

    public Words(Protocol protocol, PersonFacts person, DateTimeOffset now)
    {
        this.protocol = protocol;
        foreach (var text in person.Consents)
        {
            var facts = ConsentFacts.Parse(text);
            refusals.AddRange(facts.At(now).Where(s => !s.IsPermit));
            if (facts is { IsSharing: true, IsPermit: true, GivesConsent: true, Recorder.WithRight: true, Criteria.To: { } to }
                && facts.Protocols.Any(protocol.IsCited))
                permits.Add(new Permit(IsPersons(facts.Recorder) ? BackedTie.Everybody : facts.Recorder.Party, to, facts.From
                    ?? DateTimeOffset.MinValue, facts.To ?? DateTimeOffset.MaxValue));
        }
        foreach (var text in person.Refusals) refusals.AddRange(ConsentFacts.Parse(text).At(now).Where(s => !s.IsPermit));
    }

    private bool IsPersons(Recorder recorder) => recorder.ByPerson || recorder.Party == protocol.PartyOfPeople?.Id;

    /// <summary>The other vouchers of a tie besides its asserter. A party that records an agreement with itself vouches for
    /// nothing.</summary>
    public IEnumerable<(string Voucher, DateTimeOffset From, DateTimeOffset Until)> Behind(string party, string? actor)
    {
        foreach (var permit in permits)
            if (permit.Voucher != party && permit.To.Any(to => to == actor || IsOf(to, party)))
                yield return (permit.Voucher, permit.From, permit.Until);
    }

    /// <summary>The person refuses the party as such, not some of the data: then it brings in nobody else. Gate 10 decides what it may see
    /// itself.</summary>
    public bool Refuse(string party) =>
        refusals.Exists(r => r.Scope.All(s => Covers(s, party)) && !r.Except.Any(e => e.To != null && Covers(e, party)));

    private bool Covers(Criteria criteria, string party) =>
        criteria is { Types: null, Data: null, Labels: null }
            && (criteria.To is null || criteria.To.Any(to => to == Criteria.Unknown || IsOf(to, party)));

    private bool IsOf(string recipient, string party) => protocol.PartyOfOrganization(recipient)?.Id == party;
}
