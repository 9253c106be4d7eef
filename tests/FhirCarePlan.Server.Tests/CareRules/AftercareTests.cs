using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>X11. The episode of the inquiry carries aftercare under section 117.</summary>
[Collection("ward")]
public sealed class AftercareTests(Ward ward)
{
    [Theory]
    [InlineData(null, null, "X11")]
    [InlineData("2026-01-30", null, "X11")]
    [InlineData(null, "2026-01-30", "X11")]
    [InlineData("2026-01-30", "2026-02-01", "")]
    public async Task Both_end_it_or_it_goes_on(string? nhs, string? council, string refused)
    {
        var ash = await ward.Arrives();
        Assert.Equal(refused, (await ash.Change("EpisodeOfCare/episode", e =>
        {
            Finish(e);
            e.Say("Section117", "endNHS", "valueDate", nhs);
            e.Say("Section117", "endLA", "valueDate", council);
        })).Errors);
    }

    [Fact]
    public async Task The_end_of_CPA_does_not_end_it_where_another_episode_carries_it_on()
    {
        var ash = await ward.Arrives();
        var aftercare = await ash.Read("EpisodeOfCare/episode");
        aftercare["type"] = Json("""{"a": [{"text": "Aftercare under section 117"}]}""")["a"]!.DeepClone();
        aftercare["extension"]!.AsArray().RemoveAll(e => ((string)e!["url"]!).EndsWith("EntryCriterion", StringComparison.Ordinal));
        var created = await ash.Create("EpisodeOfCare/aftercare", aftercare);
        Assert.True(created.Kind == AnswerKind.Created, created.ToString());
        Assert.Equal("", (await ash.Change("EpisodeOfCare/episode", Finish)).Errors);
        Assert.Equal("X11", (await ash.Change("EpisodeOfCare/aftercare", e =>
        {
            e["status"] = "finished";
            e["period"]!["end"] = "2026-02-02";
        })).Errors);
    }

    [Fact]
    public async Task It_does_not_go_by_being_forgotten_or_deleted()
    {
        var ash = await ward.Arrives();
        Assert.Equal("X11", (await ash.Change("EpisodeOfCare/episode", e =>
        {
            e.Drop("Section117");
            e.Drop("LegalStatus"); // while it says that the person was detained, the profile asks for the decision (cpa-ep-4)
        })).Errors);
        Assert.Equal("X11", (await ash.Change("EpisodeOfCare/episode", e => e.Say("Section117", "eligible", "valueBoolean", false))).Errors);
        Assert.Equal("X11", (await ash.Delete("EpisodeOfCare/episode")).Errors);
        Assert.Equal("", (await ash.Change("EpisodeOfCare/episode", e => e.Say("Section117", "endNHS", "valueDate", "2026-01-01"))).Errors);
    }

    private static void Finish(JsonObject episode)
    {
        episode["status"] = "finished";
        episode["period"]!["end"] = "2026-02-02";
        episode.Say("DischargeReason", "reason", "valueCodeableConcept", Code("DischargeReason", "no-longer-needs-specialist-services"));
    }
}
