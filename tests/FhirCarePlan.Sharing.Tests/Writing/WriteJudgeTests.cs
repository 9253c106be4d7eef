using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>What holds for every type: the holder, rights, what never changes, and that nothing else makes relationships.</summary>
public class WriteJudgeTests
{
    private static string Condition(string subject = "Patient/robin") =>
        $$"""{"resourceType":"Condition","id":"c","subject":{"reference":"{{subject}}"} }""";

    [Fact]
    public void Only_the_holder_changes_and_deletes()
    {
        var world = new SmallWorld().Tie("council", Relation.TeamFull).Store("trust", SmallWorld.Robin, Condition());
        Assert.Equal("holder", world.Write(SmallWorld.SocialWorker, Condition()).Outcome());
        Assert.Equal("holder", world.Delete(SmallWorld.SocialWorker, "Condition", "c").Outcome());
        Assert.Equal("allowed", world.Delete(SmallWorld.Psychiatrist, "Condition", "c").Outcome());
    }

    [Fact]
    public void Whom_it_is_about_never_changes()
    {
        var world = new SmallWorld().Store("trust", SmallWorld.Robin, Condition())
            .Store("trust", "person-else", """{"resourceType":"Patient","id":"else"}""");
        Assert.Equal("immutable-subject", world.Write(SmallWorld.Coordinator, Condition("Patient/else")).Outcome());
    }

    [Fact]
    public void Whom_the_caller_does_not_see_answers_as_nobody()
    {
        var world = new SmallWorld();
        world.Hidden.Add("Patient/robin");
        Assert.Equal("reference", world.Write(SmallWorld.Coordinator, Condition()).Outcome());
        Assert.Equal("reference", world.Write(SmallWorld.Coordinator, Condition("Patient/nobody")).Outcome());
    }

    [Fact]
    public void A_contribution_needs_a_relationship()
    {
        Assert.NotEqual("allowed", new SmallWorld().Write(SmallWorld.SocialWorker, Condition()).Outcome());
        Assert.Equal("allowed", new SmallWorld().Tie("council", Relation.TeamFull).Write(SmallWorld.SocialWorker, Condition()).Outcome());
    }

    [Fact]
    public void No_party_writes_without_being_one() =>
        Assert.Equal("G2", new SmallWorld().Write(SmallWorld.Psychiatrist with { Party = null }, Condition()).Outcome());

    [Theory]
    [InlineData("""{"resourceType":"Flag","id":"x","status":"active","subject":{"reference":"Patient/robin"},"author":{"reference":"PractitionerRole/care-coordinator"}}""")]
    [InlineData("""{"resourceType":"List","id":"x","status":"current","mode":"working","subject":{"reference":"Patient/robin"},"entry":[{"item":{"reference":"Patient/robin"}}]}""")]
    [InlineData("""{"resourceType":"Communication","id":"x","status":"completed","subject":{"reference":"Patient/robin"},"recipient":[{"reference":"Organization/harbour-homes"}]}""")]
    [InlineData("""{"resourceType":"Provenance","id":"x","target":[{"reference":"Patient/robin"}],"agent":[{"who":{"reference":"PractitionerRole/care-coordinator"}}]}""")]
    public void Flags_lists_messages_and_provenance_never_widen(string json)
    {
        var verdict = new SmallWorld().Tie("trust", Relation.Episode).Write(SmallWorld.Coordinator, json);
        Assert.Equal("allowed", verdict.Outcome());
        Assert.Equal("unchanged", verdict.Opens());
        Assert.False(verdict.Effects.IsWidening);
        Assert.Null(verdict.Effects.Identity);
        Assert.Null(verdict.Effects.Consent);
    }
}
