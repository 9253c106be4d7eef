using System.Text.Json.Nodes;
using FhirCarePlan.Server.Interactions;
using FhirCarePlan.Server.Tests.Tour;

using static FhirCarePlan.Server.Tests.CareRules.Sheet;

namespace FhirCarePlan.Server.Tests.CareRules;

/// <summary>A rule's answer does not tell a writer whether something they may not see exists (src/docs/sharing.md#statuses): the same words
/// for hidden and absent.</summary>
[Collection("ward")]
public sealed class LeakTests(Ward ward)
{
    [Theory]
    [InlineData("housing-officer")]
    [InlineData("social-worker")]
    public async Task X3_speaks_alike_of_hidden_and_absent_records_of_somebody_else(string writer)
    {
        // Sky is known to neither writer.
        foreach (var (element, hidden, absent) in new[] { ("addresses", "Condition/sky-bipolar", "Condition/nothing"), ("goal", "Goal/sky-goal", "Goal/nothing"), ("supportingInfo", "Consent/sky-consent-sharing", "Consent/nothing") })
            Assert.Equal(await Said(writer, p => p[element] = new JsonArray(Ref(hidden))), await Said(writer, p => p[element] = new JsonArray(Ref(absent))));
    }

    [Theory]
    [InlineData("housing-officer")]
    [InlineData("social-worker")]
    public async Task X1_X6_and_X7_speak_alike_of_hidden_and_absent_teams(string writer) =>
        Assert.Equal(await Said(writer, p => WholePlan(p, "CareTeam/sky-team")), await Said(writer, p => WholePlan(p, "CareTeam/nothing")));

    [Theory]
    [InlineData("housing-officer")]
    [InlineData("social-worker")]
    public async Task X4_does_not_count_the_plans_of_others(string writer)
    {
        // One person has an active plan with the trust, the other a draft.
        var (with, without) = (await ward.Arrives(), await ward.Arrives(r => r["CarePlan/plan"]["status"] = "draft"));
        Assert.Equal(await Said(writer, p => WholePlan(p, with["CareTeam/team"], with["Patient/ash"])), await Said(writer, p => WholePlan(p, without["CareTeam/team"], without["Patient/ash"])));
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("accommodation")]
    public async Task X8_speaks_alike_of_hidden_and_absent_things(string refused)
    {
        // The practice records a discharge; the person has refused to let it see, and one of them has nothing to see.
        var (with, without) = (await ward.Arrives(r => Refuse(r, refused)), await ward.Arrives(r =>
        {
            Refuse(r, refused);
            r["Observation/accommodation"]["status"] = "entered-in-error";
            if (refused == "everything") r["CarePlan/plan"]["status"] = "draft";
        }));
        Assert.Equal(await Discharged(with), await Discharged(without));
    }

    [Fact]
    public void What_a_rule_reads_are_categories_of_the_agreement()
    {
        var known = ward.Engine.InForce.Protocol.Categories.Select(c => c.Id).ToHashSet();
        Assert.All(ward.Engine.Rules.All.SelectMany(r => r.Reads), category => Assert.Contains(category, known));
    }

    [Fact]
    public void Every_rule_has_an_id_of_its_own() =>
        Assert.Equal(["X1", "X11", "X12", "X18", "X2", "X3", "X4", "X5", "X6", "X7", "X8", "X9", "cpa-one-assessment", "cpa-part-of", "cpa-plan-goal", "cpa-state-careplan", "cpa-state-consent", "cpa-state-episode", "cpa-state-task"],
            ward.Engine.Rules.All.Select(r => r.Id).Order(StringComparer.Ordinal));

    /// <summary>An agency's own plan for Robin, changed so.</summary>
    private async Task<string> Said(string writer, Action<JsonObject> change)
    {
        var plan = Talk.SampleJson("partnership/CarePlan-robin-housing-plan.json");
        plan.Remove("id");
        plan["author"] = Ref($"PractitionerRole/{writer}");
        change(plan);
        // Asked, not written: a second plan would meet the first.
        var answer = await ward.Ask(writer, Table.ValidateType, "CarePlan", body: plan, query: "mode=create");
        return $"{answer.Kind}: {System.Text.Encoding.UTF8.GetString(answer.Body.Span)} {string.Join('\n', answer.Issues)}";
    }

    /// <summary>A CPA plan that has all it needs, held by the writer's agency.</summary>
    private static void WholePlan(JsonObject plan, string team, string patient = "Patient/robin")
    {
        var author = plan["author"]!.DeepClone();
        var whole = Talk.SampleJson("partnership/CarePlan-robin-plan.json");
        foreach (var (name, value) in whole)
            if (name is not ("id" or "subject" or "author" or "careTeam")) plan[name] = value!.DeepClone();
        plan.Remove("partOf");
        plan["author"] = author;
        plan["subject"] = Ref(patient);
        plan["careTeam"] = new JsonArray(Ref(team));
        foreach (var element in (string[])["supportingInfo", "contributor"]) plan.Remove(element);
        plan["contributor"] = new JsonArray(Ref(patient));
        plan["addresses"] = new JsonArray(Ref("Condition/nothing"));
        plan["goal"] = new JsonArray(Ref("Goal/nothing"));
        plan.Extension("CrisisPlan")!["valueReference"] = Ref("CarePlan/nothing");
        var activities = plan["activity"]!.AsArray();
        activities.RemoveAt(activities.Count - 1);
        foreach (var activity in activities)
            foreach (var element in (string[])["goal", "reasonReference"]) activity!["detail"]!.AsObject().Remove(element);
        plan.Say("ReviewArrangements", "lastReview", "valueReference", null);
        foreach (var copy in plan["extension"]!.AsArray().Where(e => ((string)e!["url"]!).EndsWith("PlanCopy", StringComparison.Ordinal) || ((string)e!["url"]!).EndsWith("PlanAgreement", StringComparison.Ordinal)))
            foreach (var part in copy!["extension"]!.AsArray().Where(p => (string)p!["url"]! is "recipient" or "person").ToList()) copy["extension"]!.AsArray().Remove(part);
    }

    private static void Refuse(Dictionary<string, JsonObject> resources, string what)
    {
        var refusal = Talk.SampleJson("tour/refusal-of-housing.json");
        refusal["patient"] = Ref("Patient/ash");
        refusal["performer"] = new JsonArray(Ref("Patient/ash"));
        refusal["provision"]!["actor"]![0]!["reference"] = Ref("Organization/meadow-practice");
        if (what != "everything") refusal["provision"]!["code"] = new JsonArray(Code("InformationCategory", what));
        resources["Consent/refusal"] = refusal;
    }

    private async Task<string> Discharged(Ash ash)
    {
        var encounter = Json($$"""
            {"resourceType": "Encounter", "status": "finished", "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
             "subject": {"reference": "{{ash["Patient/ash"]}}"}, "episodeOfCare": [{"reference": "{{ash["EpisodeOfCare/episode"]}}"}],
             "period": {"start": "2024-08-02T21:30:00Z", "end": "2024-11-29T16:40:00Z"} }
            """);
        var became = await ward.Write("gp", Table.Create, "Encounter", body: encounter);
        return $"{became.Kind}: {string.Join('\n', became.Issues.Select(i => $"{i.Severity} {i.Key} {i.Expression} {i.Text}"))}";
    }
}
