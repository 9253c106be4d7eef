using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>X6. A draft of the mended plan, in which the social worker has something to do.</summary>
[Collection("ward")]
public sealed class AgreedToTakePartTests(Ward ward)
{
    [Theory]
    [InlineData("agreed", false, "")]
    [InlineData("pending", false, "X6")]
    [InlineData("declined", false, "X6")]
    [InlineData("cannot-as-planned", false, "X6")]
    [InlineData("declined", true, "")]
    public async Task A_plan_becomes_active_on_those_who_agreed(string agreement, bool hasReason, string refused)
    {
        var ash = await ward.Arrives(r =>
        {
            r["CareTeam/team"].Participant("social-worker").Agrees(agreement);
            r["CarePlan/plan"]["status"] = "draft";
            Given(r["CarePlan/plan"], hasReason);
        });
        Assert.Equal(refused, (await ash.Change("CarePlan/plan", p => p["status"] = "active")).Errors);
    }

    [Fact]
    public async Task Who_withdraws_later_does_not_stop_the_plan_but_gets_nothing_new()
    {
        var ash = await ward.Arrives(r => Given(r["CarePlan/plan"], false));
        var withdrawn = await ash.Change("CareTeam/team", t =>
        {
            t.Participant("social-worker").Agrees("declined");
            t.Participant("housing-worker").Agrees("declined");
        });
        Assert.True(withdrawn.Kind == AnswerKind.Ok, withdrawn.ToString());
        var noted = await ash.Change("CarePlan/plan", p => p["description"] = "Changed meanwhile");
        Assert.True(noted.Kind == AnswerKind.Ok, noted.ToString());
        Assert.Equal("X6",
            (await ash.Change("CarePlan/plan", p => p.Detail(1)["performer"] = new JsonArray(Ref("PractitionerRole/housing-officer"))))
            .Errors);
    }

    private static void Given(JsonObject plan, bool hasReason)
    {
        plan.GivenTo("PractitionerRole/care-coordinator");
        plan.Detail()["performer"] = new JsonArray(Ref("PractitionerRole/social-worker"));
        if (hasReason) plan.Detail()["statusReason"] = new JsonObject { ["text"] = "Somebody else of the council will be found by March" };
    }
}
