using FhirCarePlan.Sharing.Tests.Views;
using FhirCarePlan.Sharing.Ties;
using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Sharing.Tests.Ties;

/// <summary>A tie opens a holder's data where that holder, the person or the law stands behind it, and no longer
/// (src/docs/sharing.md#ties).</summary>
public class BackingTests
{
    private static readonly DateTimeOffset Now = RandomFacts.Now;
    private static readonly Protocol Agreement = Partnership.Protocol;

    private static Tie Tie(string party, long kind, string asserter, string cause = "CareTeam/t", DateTimeOffset? to = null,
        string? answers = null) => new("", party, kind, null, Now.AddYears(-1), to, cause, asserter, answers);

    private static PersonFacts Kept(string keeper, params Tie[] ties) => new([new KeptPatient("p", keeper, true, false)], ties, [], []);

    /// <summary>The kinds a party has towards what a holder keeps.</summary>
    private static string Opens(PersonFacts person, string party, string holder, IReadOnlyList<PersonFacts>? others = null,
        Protocol? protocol = null, string? resource = null) =>
        Relations.Describe(new Backing(protocol ?? Agreement).Of(person, others ?? [], Now)
            .Where(b => b.Party == party && b.Holds(Now) && (b.Regard == "*" || b.Regard == holder || b.Regard == resource))
            .Aggregate(0L, (all, b) => all | b.Kind));

    private static string Permit(string recorder, string organization, bool byPerson = false, DateTimeOffset? to = null) => new ConsentFacts
    {
        Recorder = new Recorder(recorder, true, byPerson, false), IsSharing = true, IsPermit = true, GivesConsent = true,
        Protocols = [$"{Agreement.Url}|1"],
        Criteria = Criteria.Everything with { To = [organization] }, To = to,
    }.Text;

    private static string Deny(string organization) => new ConsentFacts
    {
        Recorder = new Recorder("people", true, true, false), IsSharing = true, IsPermit = false, GivesConsent = false,
        Criteria = Criteria.Everything with { To = [organization] },
    }.Text;

    [Fact]
    public void Ones_own_word_opens_ones_own_record_alone()
    {
        var person = Kept("practice", Tie("trust", Relation.Episode, "trust"));
        Assert.Equal("episode", Opens(person, "trust", "trust"));
        Assert.Equal("none", Opens(person, "trust", "practice"));
        Assert.Equal("none", Opens(person, "trust", "council"));
    }

    [Fact]
    public void The_keeper_brings_others_in_to_its_record_and_to_what_they_write_there()
    {
        var person = Kept("trust", Tie("council", Relation.TeamFull, "trust"), Tie("trust", Relation.Episode, "trust"));
        Assert.Equal("care-team-full", Opens(person, "council", "trust"));
        Assert.Equal("care-team-full", Opens(person, "council", "homes"));
        Assert.Equal("episode", Opens(person, "trust", "council"));
    }

    [Fact]
    public void Backing_travels_along_real_hand_overs_and_ends_with_them()
    {
        Tie referral = Tie("trust", Relation.Referral, "practice", "Task/yes", answers: "Task/ask"),
            ask = Tie("trust", Relation.ReferralPending, "practice", "Task/ask"), team = Tie("council", Relation.TeamPlan, "trust");
        Assert.Equal("care-team-plan", Opens(Kept("practice", ask, referral, team), "council", "practice"));
        Assert.Equal("none", Opens(Kept("practice", referral, team), "council", "practice"));
        Assert.Equal("none", Opens(Kept("practice", ask, referral with { To = Now }, team), "council", "practice"));
        Assert.Equal("none", Opens(Kept("practice", ask, referral, team with { To = Now }), "council", "practice"));
        Assert.Equal("none",
            Opens(Kept("practice", ask, referral, team) with { Consents = [Deny("Organization/rivelin-trust")] }, "council", "practice"));
        var suspended = Agreement
            with
        { Parties = [.. Agreement.Parties.Select(p => p.Id == "trust" ? p with { Status = PartyStatus.Suspended } : p)] };
        Assert.Equal("none", Opens(Kept("practice", ask, referral, team), "council", "practice", protocol: suspended));
    }

    [Fact]
    public void Nobody_passes_on_more_than_they_have() =>
        Assert.Equal("care-team-own-task",
            Opens(Kept("trust", Tie("council", Relation.TeamOwnTask, "trust"), Tie("homes", Relation.TeamFull, "council")), "homes",
            "trust"));

    [Fact]
    public void Those_who_only_vouch_for_each_other_are_behind_nothing() =>
        Assert.Equal("none",
            Opens(Kept("practice", Tie("trust", Relation.Episode, "council"), Tie("council", Relation.TeamFull, "trust")), "trust",
            "practice"));

    [Theory]
    [InlineData("people", false, "episode")]
    [InlineData("council", true, "episode")]
    [InlineData("practice", false, "episode")]
    [InlineData("council", false, "none")]
    [InlineData("trust", false, "none")]
    public void The_person_stands_behind_whom_they_name_and_an_agency_only_as_far_as_itself_is_backed(string recorder, bool byPerson,
        string opens) =>
        Assert.Equal(opens,
            Opens(Kept("practice", Tie("trust", Relation.Episode, "trust"))
            with
            { Consents = [Permit(recorder, "Organization/rivelin-trust", byPerson)] }, "trust", "practice"));

    [Fact]
    public void A_permit_that_lapsed_stands_behind_nothing() =>
        Assert.Equal("none",
            Opens(Kept("practice", Tie("trust", Relation.Episode, "trust"))
            with
            { Consents = [Permit("people", "Organization/rivelin-trust", to: Now)] }, "trust", "practice"));

    [Fact]
    public void A_registrar_who_confirms_speaks_for_everybody() =>
        Assert.Equal("registered", Opens(Kept("trust", Tie("practice", Relation.Registered, "*")), "practice", "trust"));

    [Fact]
    public void One_number_is_one_person_as_far_as_that_is_backed()
    {
        var trusts = Kept("trust", Tie("trust", Relation.Episode, "trust"), Tie("council", Relation.TeamFull, "trust"));
        Assert.Equal("none", Opens(Kept("practice"), "trust", "practice", [trusts]));
        Assert.Equal("none", Opens(Kept("practice"), "council", "practice", [trusts]));
        var referred = Kept("practice", Tie("trust", Relation.Referral, "practice"));
        Assert.Equal("care-team-full", Opens(referred, "council", "practice", [trusts]));
        Assert.Equal("none", Opens(trusts, "practice", "trust", [referred]));
        // The number is the word of the other record's keeper: an unbacked party cannot type a team into a person.
        Assert.Equal("none",
            Opens(referred, "council", "practice", [trusts with { Patients = [new KeptPatient("q", "homes", true, false)] }]));
        Assert.Equal("care-team-full",
            Opens(referred, "council", "practice", [trusts with { Patients = [new KeptPatient("q", "homes", true, true)] }]));
    }

    [Fact]
    public void A_request_shows_itself_and_the_person_until_it_is_declined()
    {
        var ask = Tie("council", Relation.ReferralPending, "trust", "Task/ask");
        var asked = Kept("trust", ask);
        Assert.Equal(("none", "referral-pending", "referral-pending"),
            (Opens(asked, "council", "trust"), Opens(asked, "council", "trust", resource: "Task/ask"),
            Opens(asked, "council", "trust", resource: "Patient/p")));
        var declined = Kept("trust", ask, Tie("council", Relation.ReferralClosed, "council", "Task/no", answers: "Task/ask"),
            Tie("trust", Relation.ReferralSent, "council", "Task/no", answers: "Task/ask"));
        Assert.Equal(("none", "none"),
            (Opens(declined, "council", "trust", resource: "Task/ask"), Opens(declined, "council", "trust", resource: "Patient/p")));
        Assert.Equal(("referral-sent", "none"),
            (Opens(declined, "trust", "council", resource: "Task/no"), Opens(declined, "trust", "council")));
        // A party without backing sees its letter, not the person.
        var strangers = Kept("practice", ask);
        Assert.Equal(("referral-pending", "none"),
            (Opens(strangers, "council", "trust", resource: "Task/ask"), Opens(strangers, "council", "practice", resource: "Patient/p")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_agrees_with_the_naive_evaluator(int seed)
    {
        var random = new Random(seed);
        var (opened, withheld, crossed) = (0, 0, 0);
        for (var n = 0; n < 1_500; n++)
        {
            var facts = new RandomFacts(random);
            var (protocol, person) = (facts.Protocol(), facts.Person(false));
            List<PersonFacts> others = [.. Enumerable.Range(0, random.Next(3)).Select(_ => facts.Person(true))];
            var backed = new Backing(protocol).Of(person, others, Now);
            foreach (var now in (DateTimeOffset[])[Now])
                foreach (var party in RandomFacts.Parties)
                    foreach (var holder in RandomFacts.Parties)
                        foreach (var actor in (string?[])[null, "RelatedPerson/x", .. others.SelectMany(o => o.Patients)
                            .Select(p => $"Patient/{p.Id}")])
                        {
                            var told = backed.Where(b => b.Party == party && b.Actor == actor && b.Holds(now)
                                && (b.Regard == "*" || b.Regard == holder) && b.Kind < Relation.ReferralPending)
                                .Aggregate(0L, (all, b) => all | b.Kind);
                            var naive = new NaiveBacking(protocol, person, others, now).Kinds(party, actor, holder);
                            Assert.True(AndNarrower(told) == AndNarrower(naive),
                                $"seed {seed} world {n}: {party} {actor} towards {holder}: {Relations.Describe(told)}, naive {Relations.Describe(naive)}");
                            if (told != 0) opened++;
                            else if (person.Ties.Any(t => t.Party == party)) withheld++;
                            if (told != 0 && !person.Ties.Any(t => t.Party == party)) crossed++;
                        }
        }
        Assert.True(opened > 2_000 && withheld > 2_000
            && crossed > 100, $"seed {seed}: {opened} opened, {withheld} withheld, {crossed} by another record");
    }

    /// <summary>A party with a wider access at another time may have a narrower one listed beside it: it adds nothing.</summary>
    private static long AndNarrower(long kinds)
    {
        for (var kind = 1L; kind <= kinds; kind <<= 1)
            if ((kinds & kind) != 0)
                foreach (var team in (long[])[Relation.TeamPlan, Relation.TeamCrisisOnly, Relation.TeamOwnTask])
                    if (Relations.RankOf(team) >= Relations.RankOf(kind)) kinds |= team;
        return kinds;
    }
}
