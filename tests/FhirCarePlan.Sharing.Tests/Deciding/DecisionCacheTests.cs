namespace FhirCarePlan.Sharing.Tests.Deciding;

/// <summary>The cache answers what the broker would, also after midnight.</summary>
public class DecisionCacheTests
{
    [Fact]
    public void It_agrees_with_the_broker_and_does_not_mix_up_callers_or_persons()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new RandomProtocols(seed);
            var protocol = random.Protocol();
            var broker = new Broker(protocol, ProtocolBits.InOrder(protocol));
            var cache = new DecisionCache(broker);
            for (var i = 0; i < 200; i++)
            {
                var q = random.Question();
                var mask = cache.For(q.Caller).Permitted(q.Action, q.Type, q.IsHome, q.HasPerson, q.Kinds, q.Consent, RandomProtocols.Now);
                Assert.Equal(broker.Permitted(q, RandomProtocols.Now), mask);
            }
        }
    }

    [Fact]
    public void The_same_question_gets_the_same_object()
    {
        var desk = new DecisionCache(new Broker(ShippedProtocolsTests.Partnership, ProtocolBits.InOrder(ShippedProtocolsTests.Partnership)))
            .For(new Caller { Issuer = "dev", Client = "gp", Subject = "gp", Party = "practice", Role = "gp", Purpose = "direct-care" });
        Decision Ask() => desk.Decide("read", "CarePlan", false, true, Relation.Registered, new ConsentState(""), RandomProtocols.Now);
        Assert.Same(Ask(), Ask());
    }

    [Fact]
    public void Nobody_reads_of_anothers_consents_in_their_reasons()
    {
        var desk = new DecisionCache(new Broker(ShippedProtocolsTests.Partnership, ProtocolBits.InOrder(ShippedProtocolsTests.Partnership)))
            .For(new Caller { Issuer = "dev", Client = "gp", Subject = "gp", Party = "practice", Role = "gp", Purpose = "direct-care" });
        IEnumerable<string> Consents(string id) =>
            desk.Decide("read", "CarePlan", false, true, Relation.Registered,
                ConsentState.Of([(id, ConsentStatement.Deny([Criteria.Everything], []))]), RandomProtocols.Now)
                .Reasons.SelectMany(r => r.Consents).Distinct();
        Assert.Equal(["Consent/one"], Consents("Consent/one"));
        Assert.Equal(["Consent/other"], Consents("Consent/other"));
    }

    [Fact]
    public void What_ends_with_the_day_ends_in_the_cache()
    {
        var protocol = ShippedProtocolsTests.Partnership
            with
        { Effective = ShippedProtocolsTests.Partnership.Effective with { To = new DateOnly(2026, 1, 15) } };
        var desk = new DecisionCache(new Broker(protocol, ProtocolBits.InOrder(protocol)))
            .For(new Caller { Issuer = "dev", Client = "gp", Subject = "gp", Party = "practice", Role = "gp", Purpose = "direct-care" });
        long At(string time) =>
            desk.Permitted("read", "CarePlan", false, true, Relation.Registered, ConsentState.None, DateTimeOffset.Parse(time));
        Assert.NotEqual(0, At("2026-01-15T23:59:59Z"));
        Assert.Equal(0, At("2026-01-16T00:00:00Z"));
    }
}
