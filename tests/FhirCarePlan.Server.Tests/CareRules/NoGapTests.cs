using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>X5, on a team without a plan or an episode's co-ordinator to agree with.</summary>
[Collection("ward")]
public sealed class NoGapTests(Ward ward)
{
    [Theory]
    [InlineData("2026-01-31", "2026-02-01", "agreed", "")] // the day after
    [InlineData("2026-01-31", "2026-01-31", "agreed", "")] // the same day
    [InlineData("2026-01-31", "2026-01-10", "agreed", "")] // three weeks together
    [InlineData("2026-01-30", "2026-02-01", "agreed", "X5")] // a day without
    [InlineData("2026-01-31", "2026-02-01", "pending", "X5")] // has not agreed
    [InlineData("2026-01-31", "2026-02-01", "declined", "X5")]
    [InlineData("2026-01-31T23:30:00Z", "2026-02-01", "agreed", "")] // by the day where the people are
    public async Task Each_begins_no_later_than_the_day_after(string ends, string begins, string agreement, string refused)
    {
        var ash = await ward.Arrives(Alone);
        Assert.Equal(refused, (await ash.Change("CareTeam/team", t =>
        {
            t.Participant("care-coordinator")["period"]!["end"] = ends;
            var next = t.Join("psychiatrist", "care-coordinator", "PractitionerRole/psychiatrist");
            next["period"]!["start"] = begins;
            next.Agrees(agreement);
        })).Errors);
    }

    [Fact]
    public async Task Nobody_s_time_ends_before_somebody_follows()
    {
        var ash = await ward.Arrives(Alone);
        Assert.Equal("X5", (await ash.Change("CareTeam/team", t => t.Participant("care-coordinator")["period"]!["end"] = "2026-12-31"))
            .Errors);
    }

    [Fact]
    public async Task Nobody_is_taken_off_the_list()
    {
        var ash = await ward.Arrives(Alone);
        Assert.Equal("X5",
            (await ash.Change("CareTeam/team",
            t => t.Participant("care-coordinator")["member"]!["reference"] = "PractitionerRole/psychiatrist")).Errors);
    }

    private static void Alone(Dictionary<string, JsonObject> resources)
    {
        resources["EpisodeOfCare/episode"]["managingOrganization"]!["reference"] = "Organization/rivelin-crisis-team";
        foreach (var name in resources.Keys.Where(k => k.StartsWith("CarePlan/", StringComparison.Ordinal)).ToList())
            resources.Remove(name);
    }
}
