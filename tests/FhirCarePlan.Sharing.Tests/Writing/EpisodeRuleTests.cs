namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>An episode is the word of the party that opens it; who else holds the person makes no difference.</summary>
public class EpisodeRuleTests
{
    private static string Episode(string organization, string status = "active") => $$"""
        {"resourceType":"EpisodeOfCare","id":"e","status":"{{status}}","patient":{"reference":"Patient/robin"},"managingOrganization":{"reference":"Organization/{{organization}}"} }
        """;

    [Fact]
    public void Enrolling_makes_a_relationship() =>
        Assert.Equal("trust episode", new SmallWorld().Write(SmallWorld.Coordinator, Episode("rivelin-trust")).Opens());

    [Fact]
    public void Without_enrol_nobody_enrols_for_himself() =>
        Assert.Equal("", new SmallWorld().Write(SmallWorld.Gp, Episode("meadow-practice")).Opens());

    [Theory]
    [InlineData("council", Relation.Episode)]
    [InlineData("council", Relation.Enrolled)]
    [InlineData("practice", Relation.TeamFull)]
    public void Who_else_holds_the_person_is_not_told(string party, long kind)
    {
        var verdict = new SmallWorld().Tie(party, kind).Write(SmallWorld.Coordinator, Episode("rivelin-trust"));
        Assert.Equal(("allowed", "trust episode"), (verdict.Outcome(), verdict.Opens()));
    }

    [Fact]
    public void It_is_the_word_of_who_writes_it() =>
        Assert.Equal("trust", Assert.Single(new SmallWorld().Write(SmallWorld.Coordinator, Episode("rivelin-council")).Effects.Ties!)
            .Asserter);

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
    public void A_closed_one_gives_nothing(string status) =>
        Assert.Equal("", new SmallWorld().Write(SmallWorld.Coordinator, Episode("rivelin-trust", status)).Opens());

    [Fact]
    public void It_needs_register_or_enrol() =>
        Assert.Equal("right:register", new SmallWorld().Write(SmallWorld.Psychiatrist, Episode("rivelin-trust")).Outcome());
}
