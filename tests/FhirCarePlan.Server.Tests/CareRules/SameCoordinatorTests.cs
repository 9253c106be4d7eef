using FhirCarePlan.Server.Answers;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>X1.</summary>
[Collection("ward")]
public sealed class SameCoordinatorTests(Ward ward)
{
    private const string Other = "PractitionerRole/psychiatrist";

    [Fact]
    public async Task An_episode_does_not_get_another_co_ordinator_than_the_team()
    {
        var ash = await ward.Arrives();
        Assert.Equal("X1", (await ash.Change("EpisodeOfCare/episode", e => e["careManager"] = Ref(Other))).Errors);
    }

    [Fact]
    public async Task A_plan_names_the_team_s_co_ordinator()
    {
        var ash = await ward.Arrives();
        Assert.Equal("X1", (await ash.Change("CarePlan/plan", p => p.Extension("CareCoordinator")!["valueReference"] = Ref(Other))).Errors);
    }

    [Fact]
    public async Task A_hand_over_changes_all_three_at_once()
    {
        var ash = await ward.Arrives();
        Assert.Equal("X1 X7", (await ash.Change("CareTeam/team", HandOver)).Errors); // and the one who leaves has things to do
        var together = await ash.Together(("CareTeam/team", HandOver), ("EpisodeOfCare/episode", e => e["careManager"] = Ref(Other)),
            ("CarePlan/plan", p =>
        {
            p.Extension("CareCoordinator")!["valueReference"] = Ref(Other);
            p.GivenTo(Other);
        }
        ));
        Assert.True(together.Kind == AnswerKind.Ok, together.ToString());

        static void HandOver(System.Text.Json.Nodes.JsonObject team)
        {
            team.Participant("care-coordinator")["period"]!["end"] = "2026-01-31";
            team.Join("psychiatrist", "care-coordinator", Other)["period"]!["start"] = "2026-02-01";
        }
    }

    [Fact]
    public async Task A_team_does_not_end_under_an_active_plan()
    {
        var ash = await ward.Arrives();
        Assert.Equal("X1", (await ash.Change("CareTeam/team", t => t["status"] = "inactive")).Errors);
        Assert.Equal("X1", (await ash.Delete("CareTeam/team")).Errors);
        var together = await ash.Together(("CareTeam/team", t => t["status"] = "inactive"), ("CarePlan/plan", p =>
        {
            p["status"] = "completed";
            p["period"]!["end"] = "2026-02-02";
        }
        ));
        Assert.True(together.Kind == AnswerKind.Ok, together.ToString());
    }

    [Fact]
    public async Task A_draft_may_still_name_somebody_else()
    {
        var ash = await ward.Arrives(file: "inquiry/before.json");
        var changed = await ash.Change("CarePlan/plan", p => p.Extension("CareCoordinator")!["valueReference"] = Ref(Other));
        Assert.True(changed.Kind == AnswerKind.Ok, changed.ToString());
    }
}
