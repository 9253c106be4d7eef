using System.Text.Json.Nodes;
using FhirCarePlan.Care.Lifecycles;
using FhirCarePlan.Server.Answers;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules.Lifecycles;

/// <summary>The table of each lifecycle, each cell, and that a refusal says what comes next.</summary>
[Collection("ward")]
public sealed class LifecycleTests(Ward ward)
{
    // A row a status, a column the status that follows; x may follow.
    private const string Plans = """
                   draft active on-hold completed revoked entered-in-error
        draft      x     x      .       .         .       x
        active     .     x      x       x         x       .
        on-hold    .     x      x       x         x       .
        completed  .     .      .       x         .       .
        revoked    .     .      .       .         x       .
        """;

    private const string Episodes = """
                   planned waitlist active onhold finished cancelled
        planned    x       x        x      .      .        x
        waitlist   .       x        x      .      .        x
        active     .       .        x      x      x        .
        onhold     .       .        x      x      .        .
        finished   .       .        .      .      x        .
        cancelled  .       .        .      .      .        x
        """;

    private const string Requests = """
                    requested received accepted rejected in-progress on-hold completed cancelled failed
        requested   x         x        .        x        .           .       .         x         x
        received    .         x        x        x        .           .       .         x         x
        accepted    .         .        x        .        x           x       .         x         x
        in-progress .         .        .        .        x           x       x         x         x
        on-hold     .         .        x        .        x           x       .         x         x
        completed   .         .        .        .        .           .       x         .         .
        rejected    .         .        .        x        .           .       .         .         .
        cancelled   .         .        .        .        .           .       .         x         .
        failed      .         .        .        .        .           .       .         .         x
        """;

    private const string Consents = """
                 proposed active inactive rejected
        proposed x        x      x        x
        active   .        x      x        .
        inactive .        .      x        .
        rejected .        .      .        x
        """;

    [Fact]
    public void Only_what_the_table_says_may_follow()
    {
        Check(PlanStatus.Lifecycle, Plans);
        Check(EpisodeStatus.Lifecycle, Episodes);
        Check(RequestStatus.Lifecycle, Requests);
        Check(ConsentStatus.Lifecycle, Consents);
    }

    private static void Check(Lifecycle lifecycle, string table)
    {
        var lines = table.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        foreach (var row in lines.Skip(1))
            for (var column = 0; column < lines[0].Length; column++)
                Assert.True(lifecycle.Allows(row[0], lines[0][column]) == (row[column + 1] == "x"), $"{lifecycle.Id}: {row[0]} to {lines[0][column]}");
    }

    [Fact]
    public async Task A_plan_that_holds_does_not_become_a_draft_again()
    {
        var ash = await ward.Arrives();
        var refused = await ash.Change("CarePlan/plan", p => p["status"] = "draft");
        Assert.Equal("cpa-state-careplan", refused.Errors);
        Assert.Equal("CarePlan.status", refused.Faults[0].Expression);
        Assert.Contains("after `active` comes `on-hold` or `completed` or `revoked`", refused.Faults[0].Text, StringComparison.Ordinal);
        var held = await ash.Change("CarePlan/plan", p => p["status"] = "on-hold");
        Assert.True(held.Kind == AnswerKind.Ok, held.ToString());
    }

    [Fact]
    public async Task An_episode_is_resumed_before_it_is_finished_and_never_opened_again()
    {
        var ash = await ward.Arrives(r =>
        {
            r["EpisodeOfCare/episode"].Drop("Section117");
            r["EpisodeOfCare/episode"].Drop("LegalStatus");
        });
        Assert.Equal("cpa-state-episode", (await ash.Change("EpisodeOfCare/episode", e => e["status"] = "planned")).Errors);
        Assert.Equal("", (await ash.Change("EpisodeOfCare/episode", e => e["status"] = "onhold")).Errors);
        Assert.Equal("cpa-state-episode", (await ash.Change("EpisodeOfCare/episode", e =>
        {
            e["status"] = "finished";
            e["period"]!["end"] = "2026-02-02";
            e.Say("DischargeReason", "reason", "valueCodeableConcept", Code("DischargeReason", "no-longer-needs-specialist-services"));
        })).Errors);
        Assert.Equal("", (await ash.Change("EpisodeOfCare/episode", e => e["status"] = "active")).Errors);
    }

    [Fact]
    public async Task What_a_consent_says_is_not_edited_in_place()
    {
        var ash = await ward.Arrives();
        Assert.Equal("cpa-state-consent", (await ash.Change("Consent/consent", c => c["provision"]!["period"]!["end"] = "2026-12-31")).Errors);
        var next = await ash.Read("Consent/consent");
        next["provision"]!["period"]!["end"] = "2026-12-31";
        var ended = await ash.Read("Consent/consent");
        ended["status"] = "inactive";
        var together = await ash.Together([("Consent/next", next), ("Consent/consent", ended)]);
        Assert.True(together.Kind == AnswerKind.Ok, together.ToString());
        Assert.Equal("cpa-state-consent", (await ash.Change("Consent/consent", c => c["status"] = "active")).Errors);
    }
}
