namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>An episode is opened for a person nobody holds, or by who holds them already; never by helping oneself.</summary>
public class EpisodeRuleTests
{
    private static string Episode(string organization, string status = "active") => $$"""
        {"resourceType":"EpisodeOfCare","id":"e","status":"{{status}}","patient":{"reference":"Patient/robin"},"managingOrganization":{"reference":"Organization/{{organization}}"} }
        """;

    [Fact]
    public void Enrolling_somebody_nobody_holds_makes_a_relationship() =>
        Assert.Equal("trust episode", new SmallWorld().Write(SmallWorld.Coordinator, Episode("rivelin-trust")).Opens());

    [Fact]
    public void Without_enrol_nobody_enrols_for_himself() =>
        Assert.Equal("", new SmallWorld().Write(SmallWorld.Gp, Episode("meadow-practice")).Opens());

    [Fact]
    public void Whom_another_party_holds_nobody_takes() =>
        Assert.Equal("right:enrol", new SmallWorld().Tie("council", Relation.Episode).Write(SmallWorld.Coordinator, Episode("rivelin-trust")).Outcome());

    [Fact]
    public void A_seat_in_a_team_is_no_hold() =>
        Assert.Equal("right:enrol", new SmallWorld().Tie("council", Relation.Episode).Tie("practice", Relation.TeamOwnTask).Write(SmallWorld.Gp, Episode("meadow-practice")).Outcome());

    [Fact]
    public void An_own_episode_found_later_to_be_another_partys_opens_nothing() =>
        Assert.Equal("", new SmallWorld().Tie("council", Relation.Episode).Store("trust", SmallWorld.Robin, Episode("rivelin-trust", "finished"))
            .Write(SmallWorld.Coordinator, Episode("rivelin-trust")).Opens());

    [Fact]
    public void The_holder_passes_it_on_and_keeps_its_own_going()
    {
        var world = new SmallWorld().Tie("trust", Relation.Episode).Tie("council", Relation.TeamPlan);
        Assert.Equal("council episode", world.Write(SmallWorld.Coordinator, Episode("rivelin-council")).Opens());
        Assert.Equal("trust episode", world.Write(SmallWorld.Coordinator, Episode("rivelin-trust")).Opens());
    }

    [Theory]
    [InlineData("finished")]
    [InlineData("cancelled")]
    [InlineData("entered-in-error")]
    public void A_closed_one_gives_nothing(string status) => Assert.Equal("", new SmallWorld().Write(SmallWorld.Coordinator, Episode("rivelin-trust", status)).Opens());

    [Fact]
    public void It_needs_register_or_enrol() => Assert.Equal("right:register", new SmallWorld().Write(SmallWorld.Psychiatrist, Episode("rivelin-trust")).Outcome());
}
