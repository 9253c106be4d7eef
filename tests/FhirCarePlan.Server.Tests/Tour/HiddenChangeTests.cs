using System.Net;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>A change out of sight changes no answer: not a body, a count, a time or a tag
/// (src/docs/sharing.md#versions-and-time).</summary>
public class HiddenChangeTests
{
    private static readonly string[] Questions =
    [
        "CarePlan", "CarePlan?_summary=count", "CarePlan/robin-plan", "CarePlan/robin-plan/_history", "CarePlan?_lastUpdated=gt2000-01-01",
            "CarePlan?_sort=-_lastUpdated",
        "CarePlan?status=active&_total=accurate", "CarePlan?activity-code:missing=true", "CarePlan?goal:missing=true",
            "CarePlan?_include=*&_revinclude=*", "CareTeam", "Condition", "Condition?code=58214004",
        "Condition?_sort=code", "Goal", "Observation", "RiskAssessment", "Patient", "Patient/robin",
            "Patient?_revinclude=Condition:subject", "Task", "Consent", "CarePlan/robin-plan/$explain",
        "RiskAssessment/robin-risk", "Condition/robin-schizophrenia", "Condition/robin-schizophrenia/_history", "CarePlan?_elements=note",
            "CarePlan?_count=1", "CarePlan/robin-plan?_summary=true",
    ];

    [Fact]
    public async Task Housing_hears_the_same_before_and_after()
    {
        await using var server = await ServerProcess.Start();
        var (housing, trust, psychiatrist) = (await server.As("housing-officer"), await server.As("care-coordinator"),
            await server.As("psychiatrist"));
        var before = await Hear(housing);
        var counted = (await psychiatrist.Get("Condition?_summary=count")).Total;

        var plan = await trust.Change("CarePlan/robin-plan", plan =>
        {
            plan["note"] = new JsonArray(new JsonObject { ["text"] = "Drinks more since March." });
            var activities = plan["activity"]!.AsArray();
            var hidden = activities.First(a => a!.ToJsonString().Contains("\"substance-misuse\"", StringComparison.Ordinal))!;
            hidden["detail"]!["description"] = "A new way of working on alcohol.";
        });
        Assert.Equal(HttpStatusCode.OK, plan.Status);
        var condition = (await trust.Get("Condition/robin-schizophrenia")).Json;
        condition.Remove("id");
        condition.Remove("meta");
        Assert.Equal(HttpStatusCode.Created, (await trust.Post("Condition", condition.ToJsonString())).Status);
        var changed = await trust.Change("Condition/robin-schizophrenia", c => c["severity"] = new JsonObject { ["text"] = "severe" });
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        var created = await trust.Post("Condition", condition.ToJsonString());
        Assert.Equal(HttpStatusCode.NoContent, (await trust.Delete($"Condition/{created.Id}", created.ETag)).Status);

        Assert.Equal(counted + 1, (await psychiatrist.Get("Condition?_summary=count")).Total); // the change was one
        var after = await Hear(housing);
        Assert.All(Questions, question => Assert.Equal((question, before[question]), (question, after[question])));
    }

    [Fact]
    public async Task A_change_in_sight_is_seen()
    {
        await using var server = await ServerProcess.Start();
        var (housing, trust) = (await server.As("housing-officer"), await server.As("care-coordinator"));
        var before = await housing.Get("CarePlan/robin-plan");
        var changed = await trust.Change("CarePlan/robin-plan", plan => plan["title"] = "Robin's care plan, summer");
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        var after = await housing.Get("CarePlan/robin-plan");
        Assert.NotEqual(before.ETag, after.ETag);
        Assert.Equal(changed.ETag, after.ETag);
    }

    [Fact]
    public async Task A_reference_to_a_hidden_entry_of_the_same_transaction_is_hidden_too()
    {
        await using var server = await ServerProcess.Start();
        var (housing, trust) = (await server.As("housing-officer"), await server.As("care-coordinator"));
        var condition = (await trust.Get("Condition/robin-schizophrenia")).Json;
        condition.Remove("id");
        condition.Remove("meta");
        const string urn = "urn:uuid:0d1b7f7e-53a6-4e2c-9c4e-3b1f4f6a7c11";
        // A team may give reasons; housing sees the team, and not the diagnosis.
        var team = (await trust.Get("CareTeam/robin-team")).Json;
        var etag = $"W/\"{(string)team["meta"]!["versionId"]!}\"";
        team["reasonReference"] = new JsonArray(new JsonObject { ["reference"] = urn });
        var answer = await trust.Post("", new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "transaction",
            ["entry"] = new JsonArray(
                new JsonObject
                {
                    ["resource"] = team,
                    ["request"] = new JsonObject { ["method"] = "PUT", ["url"] = "CareTeam/robin-team", ["ifMatch"] = etag }
                },
                new JsonObject
                {
                    ["fullUrl"] = urn, ["resource"] = condition,
                    ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "Condition" }
                }),
        }.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("reasonReference", (await trust.Get("CareTeam/robin-team")).Body);
        Assert.DoesNotContain("reasonReference", (await housing.Get("CareTeam/robin-team")).Body);
    }

    private static async Task<Dictionary<string, string>> Hear(HttpClient client)
    {
        var heard = new Dictionary<string, string>();
        foreach (var question in Questions) heard[question] = (await client.Get(question)).Whole;
        return heard;
    }
}
