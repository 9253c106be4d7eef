namespace FhirCarePlan.Sharing.Tests.Deciding;

/// <summary>What the basis of decisions says holds for every decision, on random protocols, persons and times.</summary>
public class BasisTests
{
    private const int Protocols = 400, QuestionsEach = 200;

    private int closedToStrangers, withoutConsent, withoutTies;

    [Fact]
    public void Every_decision_is_as_its_basis_says()
    {
        Parallel.For(0, Protocols, seed =>
        {
            var random = new RandomProtocols(seed + 500_000);
            var protocol = random.Protocol();
            var broker = new Broker(protocol, ProtocolBits.InOrder(protocol));
            for (var i = 0; i < QuestionsEach; i++) Hold(broker, random, random.Question());
        });
        // Else the test tests nothing.
        Assert.All(new[] { closedToStrangers, withoutConsent, withoutTies }, count => Assert.True(count > 100, $"{count}"));
    }

    private void Hold(Broker broker, RandomProtocols random, Question question)
    {
        var basis = broker.Basis(question.Caller, question.Action, question.Type, question.IsHome, question.HasPerson);
        var now = RandomProtocols.Now.AddDays(random.Random.Next(-400, 400));
        var permitted = broker.Permitted(question, now);
        Assert.Equal(0, permitted & ~basis.Most);
        Assert.Equal(0, basis.WithoutTie & ~basis.Most);
        Assert.Equal(0, broker.Permitted(question with { Kinds = 0 }, now) & ~basis.WithoutTie);
        var other = random.Question();
        if (!basis.AsksConsent) Assert.Equal(permitted, broker.Permitted(question with { Consent = other.Consent }, now));
        if (!basis.AsksTies) Assert.Equal(permitted, broker.Permitted(question with { Kinds = other.Kinds }, now));
        if (basis is { Most: not 0, WithoutTie: 0 }) Interlocked.Increment(ref closedToStrangers);
        if (permitted != 0 && !basis.AsksConsent && other.Consent.Statements.Count > 0) Interlocked.Increment(ref withoutConsent);
        if (permitted != 0 && !basis.AsksTies && other.Kinds != question.Kinds) Interlocked.Increment(ref withoutTies);
    }

    [Fact]
    public void In_the_shipped_partnership_strangers_names_open_no_record()
    {
        var protocol = ShippedProtocolsTests.Partnership;
        var broker = new Broker(protocol, ProtocolBits.InOrder(protocol));
        var officer = new Caller
        {
            Issuer = "dev", Client = "housing-officer", Subject = "h", Party = "homes", Role = "housing-worker", Purpose = "housing-support"
        };
        var others = broker.Basis(officer, "read", "CarePlan", false, true);
        Assert.True(others.AsksConsent);
        Assert.Equal(broker.Bits.Of(Category.Directory), others.WithoutTie & broker.Bits.Categories);
        Assert.False(broker.Basis(officer, "read", "CarePlan", true, true).AsksConsent);
        Assert.Equal(default, broker.Basis(officer with { Party = "nobody" }, "read", "CarePlan", false, true));
    }
}
