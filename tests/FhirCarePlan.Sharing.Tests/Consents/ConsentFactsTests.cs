namespace FhirCarePlan.Sharing.Tests.Consents;

/// <summary>What is stored of a Consent comes back the same, and the moment it changes is known.</summary>
public class ConsentFactsTests
{
    private static readonly DateTimeOffset spring = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero),
        autumn = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

    private static ConsentFacts Permit(DateTimeOffset? from, DateTimeOffset? to) => new()
    {
        Recorder = new Recorder("trust", true, false, false),
        IsSharing = true,
        IsPermit = true,
        GivesConsent = true,
        Protocols = ["https://example.org/p|1"],
        Criteria = new Criteria(["Organization/a", "CareTeam/t"], ["TREAT"], null, ["risk"], ["R"]),
        From = from,
        To = to,
        Exceptions = [new ConsentException(Criteria.Everything with { Data = ["risk", "?"] }, null, null)],
    };

    [Fact]
    public void Facts_come_back_as_they_were_stored()
    {
        var facts = Permit(spring, autumn);
        Assert.Equal(facts.Text, ConsentFacts.Parse(facts.Text).Text);
        Assert.Equal(facts.At(spring).Select(s => s.ToString()), ConsentFacts.Parse(facts.Text).At(spring).Select(s => s.ToString()));
        Assert.Equal((facts.From, facts.To, facts.Recorder),
            (ConsentFacts.Parse(facts.Text).From, ConsentFacts.Parse(facts.Text).To, ConsentFacts.Parse(facts.Text).Recorder));
    }

    [Fact]
    public void The_order_of_values_makes_no_difference() =>
        Assert.Equal((Permit(null, null)
            with
        { Criteria = new Criteria(["CareTeam/t", "Organization/a"], ["TREAT"], null, ["risk", "risk"], ["R"]) })
            .Text, Permit(null, null).Text);

    [Fact]
    public void Two_people_who_say_the_same_fall_into_the_same_class()
    {
        var (one, _) = ConsentState.InForce([("a", Permit(null, autumn).Text), ("b", Permit(spring, null).Text)], spring);
        var (other, _) = ConsentState.InForce([("c", Permit(null, null).Text)], spring);
        Assert.Equal(other, one);
        Assert.Equal(other.GetHashCode(), one.GetHashCode());
        Assert.Equal(other.State, one.State);
    }

    [Fact]
    public void A_class_is_read_again_when_a_permit_begins_or_lapses()
    {
        var before = spring.AddDays(-1);
        Assert.Equal(spring, ConsentState.InForce([("a", Permit(spring, autumn).Text)], before).NextBoundary);
        Assert.Equal(autumn, ConsentState.InForce([("a", Permit(spring, autumn).Text)], spring).NextBoundary);
        Assert.Null(ConsentState.InForce([("a", Permit(spring, autumn).Text)], autumn).NextBoundary);
        Assert.Equal(spring, ConsentState.InForce([("a", Permit(null, autumn).Text), ("b", Permit(spring, null).Text)], before)
            .NextBoundary);
    }

    [Fact]
    public void Of_somebody_of_the_same_number_only_the_refusals_count()
    {
        var (state, next) = ConsentState.InForce([], spring, [("a", Permit(spring, autumn).Text)]);
        Assert.Equal(["deny"], state.Statements.Select(s => s.IsPermit ? "permit" : "deny"));
        Assert.Equal(autumn, next);
    }

    [Fact]
    public void After_a_permit_has_lapsed_only_what_it_took_out_remains()
    {
        var (during, _) = ConsentState.InForce([("a", Permit(spring, autumn).Text)], spring);
        var (after, _) = ConsentState.InForce([("a", Permit(spring, autumn).Text)], autumn);
        Assert.Equal(["deny", "permit"], during.Statements.Select(s => s.IsPermit ? "permit" : "deny"));
        Assert.Equal(["deny"], after.Statements.Select(s => s.IsPermit ? "permit" : "deny"));
    }

    [Fact]
    public void No_consent_is_the_empty_state()
    {
        Assert.Equal(ConsentState.None, ConsentState.InForce([], spring).State);
        Assert.Equal("", ConsentState.None.State);
    }

    [Theory]
    [InlineData("")]
    [InlineData("permit trust")]
    [InlineData("permit trust r--\n\nnonsense")]
    [InlineData("permit trust r--\n\n{to=a} - never")]
    public void A_text_that_was_not_written_here_is_refused(string text) => Assert.Throws<FormatException>(() => ConsentFacts.Parse(text));

    [Fact]
    public void Random_states_come_back_as_they_were_written()
    {
        var random = new Deciding.RandomProtocols(7);
        for (var i = 0; i < 500; i++)
        {
            var state = random.Consent();
            Assert.Equal(state.Statements.Select(s => s.ToString()), new ConsentState(state.State).Statements.Select(s => s.ToString()));
        }
    }
}
