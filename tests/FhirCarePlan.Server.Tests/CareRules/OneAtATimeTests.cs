using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>X4.</summary>
[Collection("ward")]
public sealed class OneAtATimeTests(Ward ward)
{
    [Fact]
    public async Task One_active_episode_with_a_provider()
    {
        var ash = await ward.Arrives();
        var second = await ash.Read("EpisodeOfCare/episode");
        Assert.Equal("X4", (await ash.Create("EpisodeOfCare/second", second)).Errors);
        second["status"] = "planned";
        var planned = await ash.Create("EpisodeOfCare/second", second);
        Assert.True(planned.Kind == AnswerKind.Created, planned.ToString());
        Assert.Equal("X4", (await ash.Change("EpisodeOfCare/second", e => e["status"] = "active")).Errors);
    }

    [Fact]
    public async Task One_active_plan_and_parts_of_it_do_not_count()
    {
        var ash = await ward.Arrives();
        var second = await ash.Read("CarePlan/plan");
        Assert.Equal("X4", (await ash.Create("CarePlan/second", second)).Errors);
        second["partOf"] = new JsonArray(Ref(ash["CarePlan/plan"]));
        var part = await ash.Create("CarePlan/part", second);
        Assert.True(part.Kind == AnswerKind.Created, part.ToString());
    }

    [Fact]
    public async Task A_plan_that_replaces_one_ends_it_in_the_same_transaction()
    {
        var ash = await ward.Arrives();
        var next = await ash.Read("CarePlan/plan");
        next["replaces"] = new JsonArray(Ref(ash["CarePlan/plan"]));
        Assert.Equal("X4", (await ash.Create("CarePlan/next", next)).Errors);
        var ended = await ash.Read("CarePlan/plan");
        ended["status"] = "completed";
        ended["period"]!["end"] = "2026-02-02";
        var together = await ash.Together([("CarePlan/next", next), ("CarePlan/plan", ended)]);
        Assert.True(together.Kind == AnswerKind.Ok, together.ToString());
        Assert.Equal("active", (string?)(await ash.Read("CarePlan/next"))["status"]);
    }
}
