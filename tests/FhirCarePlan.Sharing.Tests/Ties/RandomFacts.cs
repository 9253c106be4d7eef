using FhirCarePlan.Sharing.Tests.Views;
using FhirCarePlan.Sharing.Ties;
using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Sharing.Tests.Ties;

/// <summary>Random records of one number: their keepers, the assertions of parties, the person's Consents.</summary>
internal sealed class RandomFacts(Random random)
{
    public static readonly DateTimeOffset Now = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly string[] Parties = ["trust", "practice", "council", "homes", "people"];
    private static readonly long[] kinds = [Relation.Registered, Relation.Referral, Relation.Episode, Relation.TeamFull, Relation.TeamPlan,
        Relation.TeamCrisisOnly, Relation.TeamOwnTask, Relation.Carer];
    private int count;

    private bool Chance(int percent) => random.Next(100) < percent;
    private T One<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    public Protocol Protocol() =>
        Partnership.Protocol
        with
        {
            Parties =
        [.. Partnership.Protocol.Parties.Select(p => p with { Status = Chance(12) ? PartyStatus.Suspended : PartyStatus.Joined })]
        };

    public PersonFacts Person(bool isOther)
    {
        var patients = Enumerable.Range(0, Chance(10) ? 2 : 1)
            .Select(_ => new KeptPatient($"p{++count}", One(Parties[..4]), !isOther || Chance(85), Chance(8))).ToList();
        var ties = Enumerable.Range(0, random.Next(7)).Select(_ => Tie()).ToList();
        return new PersonFacts(patients, ties, [.. Enumerable.Range(0, random.Next(3)).Select(_ => Consent())],
            [.. Enumerable.Range(0, Chance(10) ? 1 : 0).Select(_ => Consent())]);
    }

    private Tie Tie()
    {
        var kind = One(kinds);
        var cause = $"Task/t{++count % 4}";
        if (Chance(12))
            return new Tie("", One(Parties), Chance(50) ? Relation.ReferralPending : Relation.ReferralAsked, null, Now.AddDays(-3), null,
            cause, One(Parties));
        return new Tie("", One(Parties), kind, kind == Relation.Carer
            || Chance(6) ? "RelatedPerson/x" : null, Time(-3), Chance(60) ? null : Time(0), cause,
            Chance(8) ? BackedTie.Everybody : One(Parties), Chance(15) ? $"Task/t{random.Next(4)}" : null);
    }

    private DateTimeOffset Time(int around) => Now.AddDays(around + random.Next(-2, 4)).AddHours(random.Next(24));

    private string Consent() => new ConsentFacts
    {
        Recorder = new Recorder(One(Parties), Chance(80), Chance(30), false),
        IsSharing = Chance(95),
        IsPermit = Chance(75),
        GivesConsent = Chance(85),
        Protocols = Chance(90) ? [$"{Partnership.Protocol.Url}|1"] : [],
        Criteria = Criteria.Everything
            with
        {
            To = Chance(10) ? null : Chance(10) ? ["RelatedPerson/x"] : [Organization(), Organization()],
            Data = Chance(10)
            ? ["risk"] : null
        },
        From = Chance(30) ? Time(-1) : null,
        To = Chance(30) ? Time(0) : null,
        Exceptions = Chance(25)
            ? [new ConsentException(Criteria.Everything with { To = [Organization()], Data = Chance(30) ? ["risk"] : null }, Chance(30)
            ? Time(-1) : null, null)] : [],
    } is var facts && facts is { IsPermit: true, Criteria.To: null } ? (facts with { IsPermit = false }).Text : facts.Text;

    private string Organization() => Partnership.Protocol.Party(One(Parties))!.Organizations[0];
}
