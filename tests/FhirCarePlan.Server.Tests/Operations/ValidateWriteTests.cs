using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Tests.CareRules;
using FhirCarePlan.Storage;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.Operations;

/// <summary>`$validate` with `mode`: the answer of the write, and nothing written.</summary>
[Collection("ward")]
public sealed class ValidateWriteTests(Ward ward)
{
    [Theory]
    [InlineData("a second active plan", "X4")]
    [InlineData("no crisis plan", "cpa-cp-4")]
    [InlineData("a draft", "")]
    public async Task Create_runs_profiles_and_rules(string what, string errors)
    {
        var ash = await ward.Arrives();
        var plan = await ash.Read("CarePlan/plan");
        plan.Remove("id");
        if (what == "no crisis plan") plan.Drop("CrisisPlan");
        if (what == "a draft") plan["status"] = "draft";
        Assert.Equal(errors, Errors(await ward.Ask(Ash.Coordinator, Table.ValidateType, "CarePlan", body: plan, query: "mode=create")));
        Assert.Equal(errors, (await ash.Create("CarePlan/second", plan)).Errors); // the same from the write
    }

    [Fact]
    public async Task Update_and_delete_run_the_state_machine_and_the_rules_without_a_trace()
    {
        var ash = await ward.Arrives();
        var before = await ash.Read("CarePlan/plan");
        var draft = before.DeepClone().AsObject();
        draft["status"] = "draft";
        Assert.Equal("cpa-state-careplan", Errors(await Update(ash, "CarePlan/plan", draft)));
        var changed = before.DeepClone().AsObject();
        changed["description"] = "Changed";
        Assert.Equal("", Errors(await Update(ash, "CarePlan/plan", changed)));
        Assert.Equal("X1",
            Errors(await ward.Ask(Ash.Coordinator, Table.ValidateInstance, "CareTeam", ash.Id("CareTeam/team"), query: "mode=delete")));
        Assert.Equal(before.ToJsonString(), (await ash.Read("CarePlan/plan")).ToJsonString());
    }

    [Fact]
    public async Task The_write_decision_is_asked_and_audited_as_a_validation()
    {
        var ash = await ward.Arrives();
        var team = await ash.Read("CareTeam/team");
        team.Remove("id");
        var refused = await ward.Ask("housing-officer", Table.ValidateType, "CareTeam", body: team, query: "mode=create");
        var written = await ward.Write("housing-officer", Table.Create, "CareTeam", body: team);
        Assert.Equal(written.Issues.Select(i => i.Text), Issues(refused).Select(i => (string)i["diagnostics"]!));
        using var snapshot = ward.Engine.Store.Read();
        Assert.True(snapshot.Audit(new AuditQuery(new AuditReader("owner", IsOwner: true)) { Count = 2 })
            .Entries is [{ Interaction: "create", Outcome: AuditOutcome.Minor },
            { Interaction: "validate", Outcome: AuditOutcome.Success }]);
    }

    [Fact]
    public async Task What_is_not_in_the_view_is_the_one_404_here_too()
    {
        var hidden = await ward.Ask("housing-officer", Table.ValidateInstance, "Observation", "robin-honos-01",
            Json("""{"resourceType": "Observation", "id": "robin-honos-01"}"""), query: "mode=update");
        var absent = await ward.Ask("housing-officer", Table.ValidateInstance, "Observation", "nothing",
            Json("""{"resourceType": "Observation", "id": "nothing"}"""), query: "mode=update");
        Assert.Equal(AnswerKind.NotFound, hidden.Kind);
        Assert.Equal(hidden.Issues, absent.Issues);
    }

    [Fact]
    public async Task Mode_and_resource_may_come_as_parameters()
    {
        var ash = await ward.Arrives();
        var plan = await ash.Read("CarePlan/plan");
        plan.Remove("id");
        var parameters = new JsonObject
        {
            ["resourceType"] = "Parameters",
            ["parameter"] = new JsonArray(Json("""{"name": "mode", "valueCode": "create"}"""),
            new JsonObject { ["name"] = "resource", ["resource"] = plan })
        };
        var answer = await ward.Ask(Ash.Coordinator, Table.ValidateType, "CarePlan", body: parameters);
        Assert.Equal("X4", Errors(answer));
        Assert.Equal("CarePlan.status", (string?)Issues(answer).First(i => (string)i["severity"]! == "error")["expression"]![0]);
    }

    private Task<Answer> Update(Ash ash, string name, JsonObject resource) =>
        ward.Ask(Ash.Coordinator, Table.ValidateInstance, name.Split('/')[0], ash.Id(name), resource, query: "mode=update");

    private static List<JsonObject> Issues(Answer answer)
    {
        Assert.Equal(AnswerKind.Ok, answer.Kind);
        return [.. JsonNode.Parse(Encoding.UTF8.GetString(answer.Body.Span))!["issue"]!.AsArray().Select(i => i!.AsObject())];
    }

    private static string Errors(Answer answer) =>
        string.Join(' ', Issues(answer).Where(i => (string)i["severity"]! == "error")
        .Select(i => (string)i["details"]!["coding"]![0]!["code"]!).Distinct());
}
