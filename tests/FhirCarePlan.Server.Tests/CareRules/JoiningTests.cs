using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>X17. The consent of the case names practice, council and housing, not the charity.</summary>
[Collection("ward")]
public sealed class JoiningTests(Ward ward)
{
    [Theory]
    [InlineData("PractitionerRole/housing-officer", "Organization/harbour-homes", "plan", "plan")]
    [InlineData("PractitionerRole/voluntary-worker", "Organization/open-door", "plan", "none")]
    [InlineData("Organization/open-door", "Organization/open-door", "full", "none")]
    [InlineData("PractitionerRole/psychiatrist", "Organization/rivelin-trust", "full", "full")] // a colleague
    public async Task Who_the_permit_does_not_name_is_stored_without_access_and_the_answer_says_so(string member, string agency,
        string sent, string stored)
    {
        var ash = await ward.Arrives(r =>
        {
            r["CareTeam/team"]["participant"]!.AsArray().Remove(r["CareTeam/team"].Participant("housing-worker"));
            r["CarePlan/plan"].GivenTo("PractitionerRole/care-coordinator");
        });
        var changed = await ash.Change("CareTeam/team", t => Level(t.Join("social-worker", "peer-worker", member, agency), sent));
        Assert.True(changed.Kind == AnswerKind.Ok, changed.ToString());
        Assert.Equal(sent == stored ? "" : "X17", changed.Warnings);
        Assert.Equal(stored, (await ash.Read("CareTeam/team")).Participant("peer-worker").Level());
    }

    [Fact]
    public async Task Who_says_no_level_gets_none_either()
    {
        var ash = await ward.Arrives();
        await ash.Change("CareTeam/team",
            t => t.Join("social-worker", "peer-worker", "PractitionerRole/voluntary-worker", "Organization/open-door").Drop("AccessLevel"));
        Assert.Equal("none", (await ash.Read("CareTeam/team")).Participant("peer-worker").Level());
    }

    [Fact]
    public async Task A_level_is_raised_after_consent_and_not_before()
    {
        var ash = await ward.Arrives();
        await ash.Change("CareTeam/team",
            t => t.Join("social-worker", "peer-worker", "PractitionerRole/voluntary-worker", "Organization/open-door"));
        Assert.Equal("X17", (await ash.Change("CareTeam/team", t => Level(t.Participant("peer-worker"), "plan"))).Warnings);

        var consent = await ash.Read("Consent/consent");
        consent["provision"]!["actor"]!.AsArray().Add(consent["provision"]!["actor"]![0]!.DeepClone());
        consent["provision"]!["actor"]![3]!["reference"] = Ref("Organization/open-door");
        Assert.Equal("", (await ash.Create("Consent/wider", consent)).Errors);
        Assert.Equal("", (await ash.Change("CareTeam/team", t => Level(t.Participant("peer-worker"), "plan"))).Warnings);
        Assert.Equal("plan", (await ash.Read("CareTeam/team")).Participant("peer-worker").Level());
    }

    [Fact]
    public async Task Who_has_access_keeps_it_through_other_changes()
    {
        var ash = await ward.Arrives();
        Assert.Equal("", (await ash.Change("Consent/consent", c => c["status"] = "inactive")).Errors);
        var changed = await ash.Change("CareTeam/team", t => t["name"] = "Another name");
        Assert.Equal("", changed.Warnings);
        Assert.Equal("full", (await ash.Read("CareTeam/team")).Participant("social-worker").Level());
    }

    [Fact]
    public async Task Exact_numbers_stay_exact()
    {
        var ash = await ward.Arrives();
        await ash.Change("CareTeam/team",
            t => t.Join("social-worker", "peer-worker", "PractitionerRole/voluntary-worker", "Organization/open-door")
            .Say("Authority", "budgetLimit", "valueMoney", Json("""{"value": 150.50, "currency": "GBP"}""")));
        Assert.Contains("150.50", (await ash.Read("CareTeam/team")).ToJsonString(), StringComparison.Ordinal);
    }

    private static void Level(JsonObject participant, string level) =>
        participant.Extension("AccessLevel")!["valueCodeableConcept"]!["coding"]![0]!["code"] = level;
}
