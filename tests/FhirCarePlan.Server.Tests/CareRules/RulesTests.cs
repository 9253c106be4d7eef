using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Tests.Tour;
using FhirCarePlan.Server.Units;
using FhirCarePlan.Storage;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>How the rules stand in the path of a write.</summary>
[Collection("ward")]
public sealed class RulesTests(Ward ward)
{
    [Theory]
    [InlineData(5)]
    [InlineData(200)]
    public async Task The_store_is_asked_as_often_for_a_large_plan_as_for_a_small_one(int activities)
    {
        var ash = await ward.Arrives();
        var plan = await ash.Read("CarePlan/plan");
        Enlarge(plan, activities);
        var counting = new CountingSnapshot(ward.Engine.Store.Read());
        using var work = new Work(ward.Engine, ward.As(Ash.Coordinator), counting);
        var answer = ward.Pipeline.Perform(work, new FhirRequest
        {
            Interaction = Table.Update,
            Caller = work.Caller,
            Event = new LedgerEvent("test", work.Now),
            BaseUrl = "",
            Type = "CarePlan",
            Id = ash.Id("CarePlan/plan"),
            Body = Encoding.UTF8.GetBytes(plan.ToJsonString()),
            IfMatch = $"W/\"{(await ward.Ask(Ash.Coordinator, Table.Read, "CarePlan", ash.Id("CarePlan/plan"))).VersionId}\"",
        });
        Assert.True(answer.Kind == AnswerKind.Ok, string.Join("; ", answer.Issues.Select(i => i.Text)));
        counting.Calls = 0;
        Assert.DoesNotContain(ward.Engine.Rules.Check(new CareCase(work)).SelectMany(s => s.Says.Issues), i => i.IsError);
        Assert.Equal(3, counting.Calls); // all that is referred to; the co-ordinator's post; the person's plans, teams and episodes
    }

    [Fact]
    public async Task A_batch_s_entries_are_judged_alone_and_a_transaction_s_together()
    {
        var ash = await ward.Arrives();
        var next = await ash.Read("CarePlan/plan");
        next.Remove("id");
        var ended = await ash.Read("CarePlan/plan");
        ended["status"] = "completed";
        ended["period"]!["end"] = "2026-02-02";
        var version = (await ward.Ask(Ash.Coordinator, Table.Read, "CarePlan", ash.Id("CarePlan/plan"))).VersionId;
        JsonObject Bundle(string type) => new()
        {
            ["resourceType"] = "Bundle",
            ["type"] = type,
            ["entry"] = new JsonArray(
                new JsonObject { ["resource"] = next.DeepClone(), ["request"] = Json("""{"method": "POST", "url": "CarePlan"}""") },
                new JsonObject
                {
                    ["resource"] = ended.DeepClone(),
                    ["request"] = new JsonObject
                    {
                        ["method"] = "PUT", ["url"] = ash["CarePlan/plan"],
                        ["ifMatch"] = $"W/\"{version}\""
                    }
                }),
        };
        var batch = await ward.Ask(Ash.Coordinator, Table.Batch, "", body: Bundle("batch"));
        Assert.Contains("\"422\"", Encoding.UTF8.GetString(batch.Body.Span), StringComparison.Ordinal); // the first entry meets the old plan, still active

        var second = await ward.Arrives();
        (next, ended) = (await second.Read("CarePlan/plan"), await second.Read("CarePlan/plan"));
        ended["status"] = "completed";
        ended["period"]!["end"] = "2026-02-02";
        Assert.Equal(AnswerKind.Ok, (await second.Together([("CarePlan/next", next), ("CarePlan/plan", ended)])).Kind);
    }

    [Fact]
    public async Task A_transaction_that_a_rule_refuses_leaves_nothing_and_says_where()
    {
        var ash = await ward.Arrives();
        var second = await ash.Read("CarePlan/plan");
        var need = await ash.Read("Condition/schizophrenia");
        var refused = await ash.Together([("Condition/more", need), ("CarePlan/second", second)]);
        Assert.Equal("X4", refused.Errors);
        Assert.Equal("Bundle.entry[1].resource.status", refused.Issues.First(i => i.IsError).Expression);
        var found = await ward.Ask(Ash.Coordinator, Table.Search, "Condition", query: $"patient={ash["Patient/ash"]}&_summary=count");
        Assert.Contains("\"total\":1", Encoding.UTF8.GetString(found.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_plans_made_active_at_once_one_stands()
    {
        var ash = await ward.Arrives(r => r["CarePlan/plan"]["status"] = "draft");
        var plan = await ash.Read("CarePlan/plan");
        plan.Remove("id");
        plan["status"] = "active";
        var became = await Task.WhenAll(Enumerable.Range(0, 4)
            .Select(_ => Task.Run(() => ward.Write(Ash.Coordinator, Table.Create, "CarePlan", body: plan.DeepClone()))));
        Assert.Single(became, b => b.Kind == AnswerKind.Created);
        Assert.All(became.Where(b => b.Kind != AnswerKind.Created),
            b => Assert.True(b.Errors == "X4" || b.Kind == AnswerKind.Unavailable, b.ToString()));
    }

    [Fact]
    public async Task A_refusal_is_audited_as_one()
    {
        var ash = await ward.Arrives();
        Assert.Equal("X4", (await ash.Create("CarePlan/second", await ash.Read("CarePlan/plan"))).Errors);
        using var snapshot = ward.Engine.Store.Read();
        var last = snapshot.Audit(new AuditQuery(new AuditReader("owner", IsOwner: true)) { Count = 1 }).Entries[0];
        Assert.Equal(("create", AuditOutcome.Minor, "invalid"), (last.Interaction, last.Outcome, last.Reason));
    }

    [Fact]
    public async Task Nothing_of_one_organisation_s_own_is_bound_unless_it_is_CPA()
    {
        await using var alone = await ServerProcess.Start(Outside.OneOrganisation.Settings);
        var client = await alone.As("system");
        const string plan =
            """{"resourceType": "CarePlan", "id": "p", "status": "active", "intent": "plan", "subject": {"reference": "Patient/p"}}""";
        Assert.True((int)(await client.Put("CarePlan/p", plan)).Status < 300);
        Assert.True((int)(await client.Change("CarePlan/p", p => p["status"] = "draft")).Status < 300);

        const string ours =
            """{"resourceType": "CarePlan", "id": "q", "status": "active", "intent": "plan", "subject": {"reference": "Patient/p"}, "category": [{"coding": [{"system": "http://snomed.info/sct", "code": "1092421000000100"}]}]}""";
        Assert.True((int)(await client.Put("CarePlan/q", ours)).Status < 300);
        Assert.Equal(["cpa-state-careplan"], (await client.Change("CarePlan/q", p => p["status"] = "draft")).ErrorKeys);
        // A deleted resource comes back as it was.
        var now = await client.Get("CarePlan/q");
        Assert.True((int)(await client.Delete("CarePlan/q", now.ETag)).Status < 300);
        Assert.Equal(["cpa-state-careplan"], (await client.Put("CarePlan/q", ours.Replace("active", "draft", StringComparison.Ordinal)))
            .ErrorKeys);
        Assert.True((int)(await client.Put("CarePlan/q", ours)).Status < 300);
    }

    private static void Enlarge(JsonObject plan, int activities)
    {
        var all = plan["activity"]!.AsArray();
        for (var i = all.Count; i < activities; i++)
        {
            var more = all[0]!.DeepClone();
            more["detail"]!["reasonReference"] = new JsonArray(Ref($"Condition/to-come-{i}"));
            more["detail"]!["performer"] =
                new JsonArray(Ref(i % 2 == 0 ? "PractitionerRole/social-worker" : "PractitionerRole/care-coordinator"));
            all.Add(more);
        }
    }
}
