using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Tests.Tour;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>X18. The plan was reviewed on 25 November 2024 and is due on 26 May 2025.</summary>
[Collection("ward")]
public sealed class ReviewReachesPlanTests(Ward ward)
{
    [Fact]
    public async Task A_review_and_the_plan_s_dates_come_together()
    {
        var ash = await ward.Arrives();
        var review = Review("finished");
        Assert.Equal("X18", (await ash.Create("Encounter/review", review)).Errors);
        var together =
            await ash.Together([("Encounter/review", review),
            ("CarePlan/plan", Dated(await ash.Read("CarePlan/plan"), "2025-05-20", "2026-05-19"))]);
        Assert.True(together.Kind == AnswerKind.Ok, together.ToString());
    }

    [Theory]
    [InlineData("2025-05-20", "2026-05-01")] // another day than the review decided
    [InlineData("2025-05-19", "2026-05-19")] // not of this review
    public async Task The_same_dates_that_is(string last, string next)
    {
        var ash = await ward.Arrives();
        var together =
            await ash.Together([("Encounter/review", Review("finished")),
            ("CarePlan/plan", Dated(await ash.Read("CarePlan/plan"), last, next))]);
        Assert.Equal("X18", together.Errors);
    }

    [Fact]
    public async Task A_planned_review_changes_nothing_until_it_is_finished()
    {
        var ash = await ward.Arrives();
        Assert.Equal("", (await ash.Create("Encounter/review", Review("planned"))).Errors);
        Assert.Equal("X18", (await ash.Change("Encounter/review", r => r["status"] = "finished")).Errors);
    }

    [Fact]
    public async Task An_old_review_recorded_late_changes_nothing()
    {
        var ash = await ward.Arrives();
        Assert.Equal("", (await ash.Create("Encounter/review", Review("finished", "2024-11-01"))).Errors);
    }

    private static JsonObject Review(string status, string day = "2025-05-20")
    {
        var review = Talk.SampleJson("partnership/Encounter-robin-review-2025-05.json");
        review["status"] = status;
        review["subject"] = Ref("Patient/ash");
        review["episodeOfCare"] = new JsonArray(Ref("EpisodeOfCare/episode"));
        review["participant"]!.AsArray().RemoveAt(5);
        review["period"] = Json($$"""{"start": "{{day}}T13:00:00Z", "end": "{{day}}T14:00:00Z"}""");
        review.Say("ReviewOutcome", "nextReviewDate", "valueDate", "2026-05-19");
        return review;
    }

    private static JsonObject Dated(JsonObject plan, string last, string next)
    {
        plan.Say("ReviewArrangements", "lastReviewDate", "valueDate", last);
        plan.Say("ReviewArrangements", "nextReviewDate", "valueDate", next);
        return plan;
    }
}
