namespace FhirCarePlan.Sharing.Tests.Deciding;

/// <summary>Properties for all inputs (src/docs/sharing.md#the-decision), tried on random protocols: a refusal never widens, an ending
/// never widens, and a rule about one party never touches another.</summary>
public class MonotoneTests
{
    private const int Protocols = 300, QuestionsEach = 60;

    [Fact]
    public void An_empty_protocol_permits_nothing_beyond_home() =>
        ForAll((random, protocol, question) =>
        {
            var empty = protocol with { Rules = [.. protocol.Rules.Where(r => !r.IsPermit)] };
            if (!question.IsHome) Assert.Equal(0, Mask(empty, question));
        });

    [Fact]
    public void Refusing_in_a_consent_never_widens() =>
        ForAll((random, protocol, question) =>
        {
            var deny = random.Statement();
            while (deny.IsPermit) deny = random.Statement();
            NeverWider(protocol, question, protocol, question
                with
            { Consent = RandomProtocols.State([.. question.Consent.Statements, deny]) });
        });

    [Fact]
    public void Withdrawing_or_lapsing_a_permit_never_widens() =>
        ForAll((random, protocol, question) =>
        {
            foreach (var permit in question.Consent.Statements.Where(s => s.IsPermit))
                NeverWider(protocol, question, protocol, question
                    with
                { Consent = RandomProtocols.State([.. question.Consent.Statements.Where(s => s != permit)]) });
        });

    [Fact]
    public void An_exception_to_a_refusal_that_lapses_never_widens() =>
        ForAll((random, protocol, question) =>
        {
            foreach (var deny in question.Consent.Statements.Where(s => !s.IsPermit && s.Except.Count > 0))
                NeverWider(protocol, question, protocol, question
                    with
                {
                    Consent =
                    RandomProtocols.State([.. question.Consent.Statements.Where(s => s != deny), deny
                    with { Except = [.. deny.Except.Skip(1)] }])
                });
        });

    [Fact]
    public void Adding_an_exception_to_a_permit_never_widens() =>
        ForAll((random, protocol, question) =>
        {
            foreach (var permit in question.Consent.Statements.Where(s => s.IsPermit))
                NeverWider(protocol, question, protocol, question
                    with
                {
                    Consent =
                    RandomProtocols.State([.. question.Consent.Statements.Where(s => s != permit), permit
                    with { Except = [.. permit.Except, random.Statement().Scope[0]] }])
                });
        });

    [Fact]
    public void A_forbidding_rule_never_widens() =>
        ForAll((random, protocol, question) =>
        {
            var forbid = random.Rule("added") with { IsPermit = false };
            NeverWider(protocol, question, protocol with { Rules = [.. protocol.Rules, forbid] }, question);
        });

    [Fact]
    public void Taking_a_rule_away_never_widens_save_a_forbidding_one() =>
        ForAll((random, protocol, question) =>
        {
            foreach (var rule in protocol.Rules.Where(r => r.IsPermit))
            {
                // The rest may clear labels that the removed rule did not: only categories are promised.
                var (before, after) = (Mask(protocol, question),
                    Mask(protocol with { Rules = [.. protocol.Rules.Where(r => r != rule)] }, question));
                Assert.Equal(0, after & ~before & ProtocolBits.InOrder(protocol).Categories);
            }
        });

    [Fact]
    public void A_bar_never_widens() =>
        ForAll((random, protocol, question) =>
        {
            var data = protocol.Categories[random.Random.Next(protocol.Categories.Count)].Id;
            NeverWider(protocol, question, protocol
                with
            { Bars = [.. protocol.Bars, new Bar("added", Names.All, Names.All, Names.Of(data), "barred", 0)] }, question);
        });

    [Fact]
    public void Suspending_a_party_never_widens_anybodys_view() =>
        ForAll((random, protocol, question) =>
        {
            foreach (var party in protocol.Parties)
                NeverWider(protocol, question, protocol
                    with
                { Parties = [.. protocol.Parties.Select(p => p == party ? p with { Status = PartyStatus.Suspended } : p)] },
                    question);
        });

    [Fact]
    public void A_signature_taken_back_never_widens() =>
        ForAll((random, protocol, question) =>
        {
            foreach (var signature in protocol.Signatures)
                NeverWider(protocol, question, protocol with { Signatures = [.. protocol.Signatures.Where(s => s != signature)] },
                    question);
        });

    [Fact]
    public void The_end_of_agreement_gateway_or_relationship_never_widens() =>
        ForAll((random, protocol, question) =>
        {
            var past = new DateOnly(2026, 2, 1);
            NeverWider(protocol, question, protocol with { Effective = protocol.Effective with { To = past } }, question);
            NeverWider(protocol, question, protocol with { Gateways = [.. protocol.Gateways.Select(g => g with { To = past })] }, question);
            for (var kind = 1L; kind <= question.Kinds; kind <<= 1)
                if ((question.Kinds & kind) != 0)
                    NeverWider(protocol, question, protocol, question with { Kinds = question.Kinds & ~kind });
        });

    [Fact]
    public void A_rule_that_names_one_party_never_changes_anothers_view() =>
        ForAll((random, protocol, question) =>
        {
            var other = protocol.Parties.First(p => p.Id != question.Caller.Party).Id;
            Assert.Equal(Mask(protocol, question),
                Mask(protocol with { Rules = [.. protocol.Rules, random.Rule("added", other)] }, question));
        });

    [Fact]
    public void A_new_party_never_changes_anothers_view() =>
        ForAll((random, protocol, question) =>
        {
            var added = protocol.Parties[0] with { Id = "dogwood", Organizations = ["Organization/dogwood"], Clients = [] };
            var joined = protocol
                with
            {
                Parties = [.. protocol.Parties, added],
                Signatures = [.. protocol.Signatures, new Signature("dogwood", "n", "r", new DateOnly(2020, 1, 1), protocol.Hash, 0)]
            };
            Assert.Equal(Mask(protocol, question), Mask(joined, question));
        });

    [Fact]
    public void What_nobody_understands_matches_nothing_in_a_permit_and_everything_in_a_refusal() =>
        ForAll((random, protocol, question) =>
        {
            var garbled = question.Consent.Statements.Select(s => s with { Scope = [.. s.Scope.Select(Garble)] }).ToList();
            NeverWider(protocol, question, protocol, question with { Consent = RandomProtocols.State(garbled) });

            Criteria Garble(Criteria c) => random.Random.Next(4) switch
            {
                0 when c.To is not null => c with { To = ["?"] },
                1 when c.For is not null => c with { For = ["?"] },
                2 when c.Types is not null => c with { Types = ["?"] },
                3 when c.Data is not null => c with { Data = ["nonsense"] },
                _ => c,
            };
        });

    [Fact]
    public void An_error_while_deciding_denies_and_says_error()
    {
        var protocol = ShippedProtocolsTests.Partnership;
        var broker = new Broker(protocol, ProtocolBits.InOrder(protocol));
        var caller = new Caller { Issuer = "dev", Client = "gp", Subject = "gp", Party = "practice", Role = "gp", Purpose = "direct-care" };
        var decision =
            broker.Decide(new Question(caller, "read", "CarePlan", false, true, Relation.Registered,
            new ConsentState("not a consent state")), RandomProtocols.Now);
        Assert.Equal(0, decision.Permitted);
        Assert.All(decision.Reasons, r => Assert.Equal("error", r.Gate));
        Assert.Equal(0, broker.Permitted(new Question(null!, "read", "CarePlan", false, true, 0, ConsentState.None), RandomProtocols.Now));
    }

    private static void ForAll(Action<RandomProtocols, Protocol, Question> hold) =>
        Parallel.For(0, Protocols, seed =>
        {
            var random = new RandomProtocols(seed + 100_000);
            var protocol = random.Protocol();
            for (var i = 0; i < QuestionsEach; i++) hold(random, protocol, random.Question());
        });

    private static long Mask(Protocol protocol, Question question) =>
        new Broker(protocol, ProtocolBits.InOrder(protocol)).Permitted(question, RandomProtocols.Now);

    private static void NeverWider(Protocol before, Question asked, Protocol after, Question askedAfter)
    {
        var (old, now) = (Mask(before, asked), Mask(after, askedAfter));
        if ((now & ~old) != 0)
            Assert.Fail($"Wider by {string.Join(",", ProtocolBits.InOrder(before).NamesIn(now & ~old))}: {askedAfter} was {asked.Consent}");
    }
}
