namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>A referral takes two parties: one asks, the other accepts in a task of its own.</summary>
public class ReferralRuleTests
{
    private static string Task(string id, string status, string requester, string owner, string more = "") => $$"""
        {"resourceType":"Task","id":"{{id}}","status":"{{status}}","intent":"order","for":{"reference":"Patient/robin"},
         "requester":{"reference":"PractitionerRole/{{requester}}" },"owner":{"reference":"Organization/{{owner}}"}{{more}} }
        """;

    private static readonly string request = Task("ask", "requested", "care-coordinator", "rivelin-council");
    private static readonly string answer = Task("yes", "accepted", "social-worker", "rivelin-council", ""","partOf":[{"reference":"Task/ask"}]""");

    private static SmallWorld Held => new SmallWorld().Tie("trust", Relation.Episode);
    private static SmallWorld Asked => Held.Store("trust", SmallWorld.Robin, request).Tie("council", Relation.ReferralPending, "Task/ask");

    [Fact]
    public void Asking_makes_it_pending() => Assert.Equal("council referral-pending", Held.Write(SmallWorld.Coordinator, request).Opens());

    [Fact]
    public void Who_stands_in_no_relationship_refers_nobody() => Assert.Equal("", new SmallWorld().Write(SmallWorld.Coordinator, request).Opens());

    [Fact]
    public void Accepting_what_was_asked_makes_the_relationship() => Assert.Equal("council referral", Asked.Write(SmallWorld.SocialWorker, answer).Opens());

    [Fact]
    public void What_is_not_pending_any_more_is_not_accepted() =>
        Assert.Equal("", Held.Tie("council", Relation.TeamFull).Store("trust", SmallWorld.Robin, request).Write(SmallWorld.SocialWorker, answer).Opens());

    [Fact]
    public void Nobody_refers_to_himself()
    {
        Assert.Equal("", Held.Write(SmallWorld.Coordinator, Task("ask", "requested", "care-coordinator", "rivelin-trust")).Opens());
        var own = Held.Tie("council", Relation.ReferralPending, "Task/ask").Store("council", SmallWorld.Robin, request);
        Assert.Equal("", own.Write(SmallWorld.SocialWorker, answer).Opens());
    }

    [Fact]
    public void What_was_accepted_stays_when_the_request_moves_on() =>
        Assert.Equal("council referral", Held.Tie("council", Relation.Referral, "Task/yes").Store("council", SmallWorld.Robin, answer)
            .Write(SmallWorld.SocialWorker, answer.Replace("accepted", "in-progress")).Opens());

    [Fact]
    public void Declining_gives_nothing() => Assert.Equal("", Asked.Write(SmallWorld.SocialWorker, answer.Replace("accepted", "rejected")).Opens());

    [Fact]
    public void A_request_to_share_gives_nothing()
    {
        const string sharing = ""","code":{"coding":[{"code":"share-request"}]}""";
        Assert.Equal("unchanged or empty", Empty(Held.Write(SmallWorld.Coordinator, Task("ask", "requested", "care-coordinator", "rivelin-council", sharing)).Opens()));
        Assert.Equal("unchanged or empty", Empty(Asked.Write(SmallWorld.SocialWorker, Task("yes", "accepted", "social-worker", "rivelin-council", sharing + ""","partOf":[{"reference":"Task/ask"}]""")).Opens()));

        static string Empty(string opens) => opens is "" or "unchanged" ? "unchanged or empty" : opens;
    }
}
