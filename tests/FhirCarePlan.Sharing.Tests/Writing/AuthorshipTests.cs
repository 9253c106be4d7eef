namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>Nobody writes in another party's name.</summary>
public class AuthorshipTests
{
    private static SmallWorld World => new SmallWorld().Tie("trust", Relation.Episode);

    [Theory]
    [InlineData("""{"resourceType":"CarePlan","id":"x","status":"active","intent":"plan","subject":{"reference":"Patient/robin"},"author":{"reference":"WHO"}}""")]
    [InlineData("""{"resourceType":"Condition","id":"x","subject":{"reference":"Patient/robin"},"recorder":{"reference":"WHO"}}""")]
    [InlineData("""{"resourceType":"ServiceRequest","id":"x","status":"active","intent":"order","subject":{"reference":"Patient/robin"},"requester":{"reference":"WHO"}}""")]
    [InlineData("""{"resourceType":"Provenance","id":"x","target":[{"reference":"Patient/robin"}],"agent":[{"who":{"reference":"WHO"}}]}""")]
    public void Author_recorder_requester_and_agent_are_ours(string json)
    {
        Assert.Equal("allowed", World.Write(SmallWorld.Psychiatrist, json.Replace("WHO", "PractitionerRole/care-coordinator")).Outcome());
        Assert.Equal("allowed", World.Write(SmallWorld.Psychiatrist, json.Replace("WHO", "Organization/rivelin-trust")).Outcome());
        foreach (var foreign in (string[])["PractitionerRole/gp", "Organization/meadow-practice", "Patient/robin", "#contained",
            "PractitionerRole/nobody", "https://elsewhere.example/PractitionerRole/care-coordinator"])
            Assert.Equal("authorship", World.Write(SmallWorld.Psychiatrist, json.Replace("WHO", foreign)).Outcome());
    }

    [Fact]
    public void The_requester_of_a_task_never_changes()
    {
        const string task =
            """{"resourceType":"Task","id":"t","status":"requested","intent":"order","for":{"reference":"Patient/robin"},"requester":{"reference":"PractitionerRole/care-coordinator"}}""";
        var world = World.Store("trust", SmallWorld.Robin, task);
        Assert.Equal("allowed", world.Write(SmallWorld.Coordinator, task).Outcome());
        Assert.Equal("immutable-requester",
            world.Write(SmallWorld.Coordinator, task.Replace("PractitionerRole/care-coordinator", "Organization/rivelin-trust")).Outcome());
    }
}
