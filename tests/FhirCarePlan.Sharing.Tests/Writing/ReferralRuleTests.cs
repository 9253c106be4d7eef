namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>A referral takes two parties: one asks, the other accepts in a task of its own.</summary>
public class ReferralRuleTests
{
    private static string Task(string id, string status, string requester, string owner, string more = "") => $$"""
        {"resourceType":"Task","id":"{{id}}","status":"{{status}}","intent":"order","for":{"reference":"Patient/robin"},
         "requester":{"reference":"PractitionerRole/{{requester}}" },"owner":{"reference":"Organization/{{owner}}"}{{more}} }
        """;

    private static readonly string request = Task("ask", "requested", "care-coordinator", "rivelin-council");
    private static readonly string answer = Task("yes", "accepted", "social-worker", "rivelin-council",
        ""","partOf":[{"reference":"Task/ask"}]""");

    private static SmallWorld Held => new SmallWorld().Tie("trust", Relation.Episode);
    private static SmallWorld Asked => Held.Store("trust", SmallWorld.Robin, request).Tie("council", Relation.ReferralPending, "Task/ask");

    [Fact]
    public void Asking_makes_it_pending() => Assert.Equal("council referral-pending", Held.Write(SmallWorld.Coordinator, request).Opens());

    [Fact]
    public void Who_stands_in_no_relationship_refers_nobody() =>
        Assert.Equal("", new SmallWorld().Write(SmallWorld.Coordinator, request).Opens());

    [Fact]
    public void Accepting_what_was_asked_makes_the_relationship() =>
        Assert.Equal("council referral, trust referral-sent", Asked.Write(SmallWorld.SocialWorker, answer).Opens());

    [Fact]
    public void It_is_the_word_of_who_asked_and_hangs_on_the_request()
    {
        var ties = Asked.Write(SmallWorld.SocialWorker, answer).Effects.Ties!;
        Assert.Equal([("council", Relation.Referral, "trust", "Task/ask"), ("trust", Relation.ReferralSent, "council", "Task/ask")],
            ties.Select(t => (t.Party, t.Kind, t.Asserter, t.Answers!)).Order());
    }

    [Fact]
    public void A_request_out_of_view_is_not_accepted()
    {
        var world = Asked;
        world.Hidden.Add("Task/ask");
        Assert.Equal("", world.Write(SmallWorld.SocialWorker, answer).Opens());
    }

    [Theory]
    [InlineData("accepted", Relation.ReferralAsked)]
    [InlineData("completed", Relation.ReferralAsked)]
    [InlineData("requested", Relation.ReferralPending)]
    [InlineData("cancelled", 0)]
    [InlineData("draft", 0)]
    public void A_request_stands_until_it_is_withdrawn(string status, long kind) =>
        Assert.Equal(kind, Held.Write(SmallWorld.Coordinator, request.Replace("requested", status)).Effects.Ties!.Sum(t => t.Kind));

    [Fact]
    public void What_is_not_pending_any_more_is_not_accepted() =>
        Assert.Equal("", Held.Tie("council", Relation.TeamFull).Store("trust", SmallWorld.Robin, request)
            .Write(SmallWorld.SocialWorker, answer).Opens());

    /// <summary>A deleted answer made its request wait again, and with it the person's Patient came back into view.</summary>
    [Theory]
    [InlineData(Relation.Referral, Relation.ReferralClosed)]
    [InlineData(Relation.ReferralClosed, Relation.ReferralClosed)]
    [InlineData(0, 0)]
    public void A_deleted_answer_stays_an_answer(long answered, long left)
    {
        var world = Asked.Tie("council", Relation.TeamFull).Store("council", SmallWorld.Robin, answer).Tie("trust", Relation.ReferralSent, "Task/yes", answers: "Task/ask");
        if (answered != 0) world.Tie("council", answered, "Task/yes", answers: "Task/ask");
        var deleted = world.Delete(SmallWorld.SocialWorker, "Task", "yes");
        Assert.Equal("allowed", deleted.Outcome());
        Assert.Equal(left, deleted.Effects.Ties!.Sum(t => t.Kind));
    }

    [Fact]
    public void Nobody_refers_to_himself()
    {
        Assert.Equal("", Held.Write(SmallWorld.Coordinator, Task("ask", "requested", "care-coordinator", "rivelin-trust")).Opens());
        var own = Held.Tie("council", Relation.ReferralPending, "Task/ask").Store("council", SmallWorld.Robin, request);
        Assert.Equal("", own.Write(SmallWorld.SocialWorker, answer).Opens());
    }

    [Fact]
    public void What_was_accepted_stays_when_the_request_moves_on() =>
        Assert.Equal("council referral, trust referral-sent", Held.Tie("council", Relation.Referral, "Task/yes", answers: "Task/ask")
            .Tie("trust", Relation.ReferralSent, "Task/yes", asserter: "council", answers: "Task/ask")
                .Store("council", SmallWorld.Robin, answer)
            .Write(SmallWorld.SocialWorker, answer.Replace("accepted", "in-progress")).Opens());

    [Fact]
    public void Declining_shows_the_answer_and_ends_the_asking()
    {
        var ties = Asked.Write(SmallWorld.SocialWorker, answer.Replace("accepted", "rejected")).Effects.Ties!;
        Assert.Equal(Relation.ReferralSent | Relation.ReferralClosed, ties.Sum(t => t.Kind));
        var again = Asked.Tie("council", Relation.ReferralClosed, "Task/no", asserter: "council", answers: "Task/ask");
        Assert.Equal("", again.Write(SmallWorld.SocialWorker, answer).Opens());
    }

    private const string Sharing = ""","code":{"coding":[{"code":"share-request"}]}""";
    private static readonly string asked = Task("ask", "requested", "care-coordinator", "rivelin-council", Sharing);

    /// <summary>The council, too, has a reason of its own.</summary>
    private static SmallWorld Both => Held.Tie("council", Relation.TeamFull);

    private static string Decided(string status, string about = "ask") =>
        Task("no", status, "social-worker", "rivelin-council", $$"""{{Sharing}},"partOf":[{"reference":"Task/{{about}}"}]""");

    [Theory]
    [InlineData("rejected", "trust referral-sent")]
    [InlineData("completed", "trust referral-sent")]
    [InlineData("on-hold", "trust referral-sent")]
    [InlineData("draft", "")]
    [InlineData("entered-in-error", "")]
    public void Who_asked_to_share_reads_the_answer_and_nothing_else(string status, string opens) =>
        Assert.Equal(opens, Both.Store("trust", SmallWorld.Robin, asked).Write(SmallWorld.SocialWorker, Decided(status)).Opens());

    [Fact]
    public void An_answer_to_share_goes_on_being_read_when_the_request_is_gone() =>
        Assert.Equal("trust referral-sent", Both.Tie("trust", Relation.ReferralSent, "Task/no", asserter: "council", answers: "Task/ask")
            .Store("council", SmallWorld.Robin, Decided("on-hold")).Write(SmallWorld.SocialWorker, Decided("rejected")).Opens());

    [Fact]
    public void Only_whom_it_was_addressed_to_answers_and_only_what_they_see()
    {
        var hidden = Both.Store("trust", SmallWorld.Robin, asked);
        hidden.Hidden.Add("Task/ask");
        Assert.Equal("", hidden.Write(SmallWorld.SocialWorker, Decided("rejected")).Opens());
        Assert.Equal("", Both.Store("trust", SmallWorld.Robin, asked).Write(SmallWorld.SocialWorker, Decided("rejected", "other")).Opens());
        // A request of one's own, one that is addressed to somebody else, and one that asks for something else.
        Assert.Equal("", Both.Store("council", SmallWorld.Robin, asked).Write(SmallWorld.SocialWorker, Decided("rejected")).Opens());
        Assert.Equal("", Both.Store("trust", SmallWorld.Robin, Task("ask", "requested", "care-coordinator", "meadow-practice", Sharing)).Write(SmallWorld.SocialWorker, Decided("rejected")).Opens());
        Assert.Equal("", Both.Store("trust", SmallWorld.Robin, request).Write(SmallWorld.SocialWorker, Decided("rejected")).Opens());
    }

    [Fact]
    public void A_request_to_share_gives_nothing()
    {
        const string sharing = ""","code":{"coding":[{"code":"share-request"}]}""";
        Assert.Equal("unchanged or empty",
            Empty(Held.Write(SmallWorld.Coordinator, Task("ask", "requested", "care-coordinator", "rivelin-council", sharing)).Opens()));
        Assert.Equal("unchanged or empty",
            Empty(Asked.Write(SmallWorld.SocialWorker,
            Task("yes", "accepted", "social-worker", "rivelin-council", sharing + ""","partOf":[{"reference":"Task/ask"}]""")).Opens()));

        static string Empty(string opens) => opens is "" or "unchanged" ? "unchanged or empty" : opens;
    }
}
