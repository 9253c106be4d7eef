namespace FhirCarePlan.Sharing.Tests.Deciding;

/// <summary>The fast evaluator and the naive one agree on a million random protocols, callers, persons and Consents.</summary>
public class TwoEvaluatorsTests
{
    private const int Protocols = 1_000, QuestionsEach = 1_000;

    [Fact]
    public void They_agree_on_a_million_questions()
    {
        var permitted = 0;
        Parallel.For(0, Protocols, seed =>
        {
            var random = new RandomProtocols(seed);
            var protocol = random.Protocol();
            var broker = new Broker(protocol, ProtocolBits.InOrder(protocol));
            var naive = new NaiveBroker(protocol);
            for (var i = 0; i < QuestionsEach; i++)
            {
                var question = random.Question();
                var fast = broker.Permitted(question, RandomProtocols.Now);
                var slow = broker.Bits.Of(naive.Decide(question, RandomProtocols.Now));
                if (fast != slow)
                    Assert.Fail($"seed {seed}, question {i}: fast {Names(broker, fast)}; naive {Names(broker, slow)}; {question}");
                if (fast != 0) Interlocked.Increment(ref permitted);
            }
        });
        // Agreement on refusals alone would prove little.
        Assert.InRange(permitted, Protocols * QuestionsEach / 10, Protocols * QuestionsEach);
    }

    [Fact]
    public void The_reasons_say_what_the_mask_says()
    {
        Parallel.For(0, 300, seed =>
        {
            var random = new RandomProtocols(seed);
            var protocol = random.Protocol();
            var broker = new Broker(protocol, ProtocolBits.InOrder(protocol));
            for (var i = 0; i < 100; i++)
            {
                var question = random.Question();
                var decision = broker.Decide(question, RandomProtocols.Now);
                Assert.Equal(broker.Permitted(question, RandomProtocols.Now), decision.Permitted);
                Assert.Equal(protocol.Categories.Select(c => c.Id), decision.Reasons.Select(r => r.Category));
                foreach (var reason in decision.Reasons)
                {
                    Assert.Equal(reason.IsPermitted, (decision.Permitted & broker.Bits.Of(reason.Category)) != 0);
                    Assert.NotEmpty(reason.Plain);
                    if (!reason.IsPermitted) continue;
                    Assert.NotEmpty(reason.Rules);
                    if (question.IsHome) Assert.Equal("home", reason.Gate);
                    else Assert.NotNull(reason.Gateway);
                }
            }
        });
    }

    private static string Names(Broker broker, long mask) => string.Join(",", broker.Bits.NamesIn(mask));
}
