using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>X12.</summary>
[Collection("ward")]
public sealed class CarersAssessmentTests(Ward ward)
{
    [Theory]
    [InlineData("assessmentOffered", "valueDate", "2026-01-15", "")]
    [InlineData("reasonNotOffered", "valueString", "Asked us to wait until the spring", "")]
    [InlineData("mainCarer", "valueBoolean", "true", "X12")]
    public async Task A_carer_in_the_team_was_offered_an_assessment_or_it_is_said_why_not(string part, string value, string said, string refused)
    {
        var ash = await ward.Arrives();
        await Carer(ash, part, value, value == "valueBoolean" ? true : said);
        Assert.Equal(refused, (await ash.Change("CareTeam/team", t => Joins(t, ash))).Errors);
    }

    [Fact]
    public async Task What_was_said_stays_said()
    {
        var ash = await ward.Arrives();
        await Carer(ash, "assessmentOffered", "valueDate", "2026-01-15");
        Assert.Equal("", (await ash.Change("CareTeam/team", t => Joins(t, ash))).Errors);
        Assert.Equal("X12", (await ash.Change("RelatedPerson/wren", r => r.Drop("CarerStatus"))).Errors);
    }

    [Fact]
    public async Task A_carer_who_has_left_the_team_is_not_asked_about()
    {
        var ash = await ward.Arrives();
        await Carer(ash, "mainCarer", "valueBoolean", true);
        Assert.Equal("", (await ash.Change("CareTeam/team", t =>
        {
            Joins(t, ash);
            t.Participant("carer")["period"]!["end"] = "2025-12-31";
        })).Errors);
    }

    private static async Task Carer(Ash ash, string part, string value, JsonNode said)
    {
        var carer = Json("""{"resourceType": "RelatedPerson", "patient": {"reference": "Patient/ash"}, "name": [{"text": "Wren"}], "relationship": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode", "code": "SIS"}]}]}""");
        carer.Say("CarerStatus", part, value, said);
        var created = await ash.Create("RelatedPerson/wren", carer);
        Assert.True(created.Kind == AnswerKind.Created, created.ToString());
    }

    private static void Joins(JsonObject team, Ash ash)
    {
        var carer = team.Join("gp", "carer", ash["RelatedPerson/wren"]);
        carer.Drop("Agency");
    }
}
