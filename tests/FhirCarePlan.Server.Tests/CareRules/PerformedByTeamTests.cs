using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>X7.</summary>
[Collection("ward")]
public sealed class PerformedByTeamTests(Ward ward)
{
    [Theory]
    [InlineData("PractitionerRole/social-worker", "in-progress", "")]
    [InlineData("Organization/rivelin-council", "in-progress", "")] // the agency of a member
    [InlineData("HealthcareService/rivelin-crisis-line", "in-progress", "")] // cannot be a member in R4
    [InlineData("PractitionerRole/voluntary-worker", "in-progress", "X7")]
    [InlineData("Organization/open-door", "scheduled", "X7")]
    [InlineData("PractitionerRole/voluntary-worker", "completed", "")]
    public async Task Members_and_their_agencies_carry_the_plan_out(string performer, string status, string refused)
    {
        var ash = await ward.Arrives();
        var changed = await ash.Change("CarePlan/plan", p =>
        {
            p.Detail()["performer"] = new JsonArray(Ref(performer));
            p.Detail()["status"] = status;
        });
        Assert.Equal(refused, changed.Errors);
    }

    [Fact]
    public async Task Members_who_have_left_do_not()
    {
        var ash = await ward.Arrives(r =>
        {
            r["CareTeam/team"].Participant("social-worker")["period"]!["end"] = "2025-12-31";
            r["CarePlan/plan"].GivenTo("PractitionerRole/care-coordinator");
        });
        Assert.Equal("X7", (await ash.Change("CarePlan/plan", p => p.Detail()["performer"] = new JsonArray(Ref("PractitionerRole/social-worker")))).Errors);
    }

    [Fact]
    public async Task The_owner_of_a_task_of_the_plan_does()
    {
        var ash = await ward.Arrives();
        var asked = await ash.Create("Task/help", Json($$"""
            {"resourceType": "Task", "status": "requested", "intent": "order", "basedOn": [{"reference": "{{ash["CarePlan/plan"]}}"}], "for": {"reference": "Patient/ash"}, "authoredOn": "2026-01-01",
             "code": {"coding": [{"system": "https://fhir.cpa.example/CodeSystem/CPA-TaskCode", "code": "fulfil"}]},
             "requester": {"reference": "PractitionerRole/care-coordinator"}, "owner": {"reference": "PractitionerRole/voluntary-worker"} }
            """));
        Assert.True(asked.Kind == AnswerKind.Created, asked.ToString());
        Assert.Equal("", (await ash.Change("CarePlan/plan", p => p.Detail()["performer"] = new JsonArray(Ref("PractitionerRole/voluntary-worker")))).Errors);
    }

    [Fact]
    public async Task Nobody_leaves_the_team_with_work_in_its_plan()
    {
        var ash = await ward.Arrives(r => r["CarePlan/plan"].Detail()["performer"] = new JsonArray(Ref("PractitionerRole/social-worker")));
        Assert.Equal("X7", (await ash.Change("CareTeam/team", Leaves)).Errors);
        var together = await ash.Together(("CareTeam/team", Leaves), ("CarePlan/plan", p => p.GivenTo("PractitionerRole/care-coordinator")));
        Assert.True(together.Kind == AnswerKind.Ok, together.ToString());

        static void Leaves(JsonObject team) => team.Participant("social-worker")["period"]!["end"] = "2026-02-01";
    }

    [Fact]
    public async Task A_draft_is_free()
    {
        var ash = await ward.Arrives(r => r["CarePlan/plan"]["status"] = "draft");
        Assert.Equal("", (await ash.Change("CarePlan/plan", p => p.Detail()["performer"] = new JsonArray(Ref("PractitionerRole/voluntary-worker")))).Errors);
    }
}
