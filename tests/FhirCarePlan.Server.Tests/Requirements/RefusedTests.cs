using System.Net;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Requirements;

/// <summary>What a requirement asks for is refused when it is missing: a sample that lacks it, sent without naming a profile.</summary>
public class RefusedTests(SampleServer samples) : IClassFixture<SampleServer>
{
    [Theory]
    [InlineData("M1", "CPA-SingleAssessmentResponse/completed-without-risk", "cpa-sa-1")]
    [InlineData("M3", "CPA-RiskAssessment/without-prediction", "cardinality")]
    [InlineData("M3", "CPA-RiskAssessment/nothing-done-about-it", "cpa-risk-1")]
    [InlineData("M4", "CPA-CarePlan/no-goal", "cpa-cp-12")]
    [InlineData("M12", "CPA-CarePlan/need-without-activity", "cpa-cp-11")]
    [InlineData("M13", "CPA-CareTeam/no-crisis-service", "cpa-ct-6")]
    [InlineData("M14", "CPA-CarePlan/person-not-asked", "cpa-cp-6")]
    [InlineData("M15", "CPA-CarePlan/no-care-coordinator", "cpa-cp-1")]
    [InlineData("M16", "CPA-CarePlan/no-description", "cardinality")]
    [InlineData("M17", "CPA-CarePlan/help-by-fax-only", "cpa-cp-5")]
    [InlineData("M18", "CPA-CarePlan/no-crisis-plan", "cpa-cp-4")]
    [InlineData("M18", "CPA-CrisisPlan/no-warning-sign", "slice-cardinality")]
    [InlineData("M19", "CPA-CarePlan/no-next-review", "cpa-cp-2")]
    [InlineData("M19", "CPA-CarePlan/review-after-two-years", "cpa-cp-3")]
    [InlineData("M19", "CPA-ReviewEncounter/goes-on-or-not", "cpa-rev-1")]
    [InlineData("M19", "CPA-ReviewEncounter/goes-on-without-next-review", "cpa-rev-3")]
    [InlineData("M21", "CPA-HoNOS/rated-9", "cpa-hon-1")]
    [InlineData("M21", "CPA-DIALOG/rated-8", "cpa-dia-1")]
    [InlineData("M25", "CPA-Goal/goal-of-staff-without-note", "cpa-goal-1")]
    [InlineData("M26", "CPA-ReviewEncounter/absent-without-reason", "cpa-rev-2")]
    [InlineData("M27", "CPA-PhysicalHealthCheck/five-parts", "cardinality")]
    [InlineData("M30", "CPA-Need/no-domain", "cpa-cond-3")]
    [InlineData("M31", "CPA-Accommodation/without-settled", "slice-cardinality")]
    [InlineData("M31", "CPA-Employment/unknown-value", "required-binding")]
    [InlineData("M31", "CPA-Benefits/unknown-value", "required-binding")]
    [InlineData("M31", "CPA-Education/unknown-value", "required-binding")]
    [InlineData("M33", "CPA-CareTeam/two-care-coordinators", "cpa-ct-1")]
    [InlineData("M34", "CPA-CareTeam/coordinator-without-start", "cpa-ct-2")]
    [InlineData("M37", "CPA-CareTeam/authority-two-can-commit", "slice-cardinality")]
    [InlineData("M38", "CPA-CareTeam/authority-two-budget-limit", "slice-cardinality")]
    [InlineData("M40", "CPA-CarePlan/plan-agreement-unknown-party-value", "required-binding")]
    [InlineData("M41", "CPA-CareTeam/member-not-asked", "cpa-ct-5")]
    [InlineData("M42", "CPA-CarePlan/activity-of-nobody", "cpa-cp-8")]
    [InlineData("M44", "CPA-CareTeam/unknown-role", "required-binding")]
    [InlineData("M47", "CPA-CareTeam/no-first-contact", "cardinality")]
    [InlineData("M52", "CPA-CareTeam/without-managing-organization", "cardinality")]
    [InlineData("M59", "CPA-EpisodeOfCare/no-reason-to-be-on-cpa", "cpa-ep-6")]
    [InlineData("M60", "CPA-CarePlan/level-unknown-value", "required-binding")]
    [InlineData("M61", "CPA-EpisodeOfCare/detained-on-standard", "cpa-ep-5")]
    [InlineData("M63", "CPA-CarePlan/enhanced-in-2023", "cpa-cp-9")]
    [InlineData("M64", "CPA-EpisodeOfCare/detained-without-aftercare-decision", "cpa-ep-4")]
    [InlineData("M66", "CPA-EpisodeOfCare/finished-without-reason", "cpa-ep-1")]
    [InlineData("M66", "CPA-EpisodeOfCare/discharge-reason-unknown-reason-value", "required-binding")]
    [InlineData("M67", "CPA-EpisodeOfCare/contact-lost-without-trying", "cpa-ep-2")]
    [InlineData("M72", "CPA-EpisodeOfCare/without-status-history", "cardinality")]
    [InlineData("M79", "CPA-Consent/refusal-that-permits", "cpa-con-2")]
    [InlineData("M80", "CPA-ShareRequestTask/refused-without-reason", "cpa-tsk-1")]
    [InlineData("M80", "CPA-Task/rejected-without-reason", "cpa-tsk-1")]
    [InlineData("M80", "CPA-Consent/not-sought-without-reason", "cpa-con-3")]
    [InlineData("M81", "CPA-ShareRequestTask/answered-without-decision", "cpa-tsk-2")]
    [InlineData("M83", "CPA-Consent/no-protocol", "cpa-con-6")]
    [InlineData("M84", "CPA-Consent/without-organization", "cardinality")]
    [InlineData("M87", "CPA-CareTeam/no-crisis-service", "cpa-ct-6")]
    [InlineData("M90", "CPA-ShareRequestTask/emergency-without-justification", "cpa-tsk-4")]
    [InlineData("M95", "CPA-Patient/wrong-check-digit", "cpa-pat-1")]
    [InlineData("M95", "CPA-Patient/no-number-no-reason", "cpa-pat-3")]
    [InlineData("M96", "CPA-Consent/permit-for-nothing-named", "cpa-con-7")]
    [InlineData("M100", "CPA-CarePlan/no-copy-for-the-person", "cpa-cp-7")]
    [InlineData("M101", "CPA-CarePlan/plan-agreement-unknown-involvement-value", "required-binding")]
    [InlineData("M106", "CPA-Register/without-entry-flag", "cardinality")]
    [InlineData("M108", "CPA-Register/unknown-entry-flag", "required-binding")]
    public async Task Without_it_the_record_is_refused(string requirement, string sample, string key)
    {
        Assert.StartsWith("M", requirement, StringComparison.Ordinal);
        var resource = Talk.SampleJson($"invalid/{sample}.json");
        foreach (var name in (string[])["id", "meta"]) resource.Remove(name);
        await Refused(resource, key);
    }

    [Theory]
    [InlineData("M5", "mental-health")]
    [InlineData("M5", "physical-health")]
    [InlineData("M6", "daily-living")]
    [InlineData("M7", "daytime-activity")]
    [InlineData("M8", "carers")]
    [InlineData("M9", "finance-benefits")]
    [InlineData("M10", "substance-misuse")]
    [InlineData("M10", "risk")]
    [InlineData("M11", "equality-needs")]
    [InlineData("M32", "accommodation")]
    [InlineData("M32", "social-family")]
    public async Task A_plan_that_did_not_look_at_it_is_refused(string requirement, string domain)
    {
        Assert.StartsWith("M", requirement, StringComparison.Ordinal);
        var plan = Talk.SampleJson("valid/CPA-CarePlan/active-plan.json");
        plan.Remove("id");
        var all = plan["extension"]!.AsArray();
        Assert.Equal(1, all.RemoveAll(e => ((string)e!["url"]!).EndsWith("DomainConsidered", StringComparison.Ordinal) && e.ToJsonString().Contains($"\"code\":\"{domain}\"", StringComparison.Ordinal)));
        await Refused(plan, "cpa-cp-10");
    }

    [Fact]
    public async Task Accommodation_in_free_text_is_refused_and_told_the_code()
    {
        var observation = Talk.SampleJson("valid/CPA-Accommodation/tenant.json");
        observation.Remove("id");
        observation["code"] = new JsonObject { ["text"] = "Accommodation" };
        await Refused(observation, "did-you-mean");
    }

    [Fact]
    public async Task A_plan_does_not_take_a_goal_that_is_nobody_s()
    {
        var coordinator = await samples.Process.As("care-coordinator");
        var goal = await coordinator.Post("Goal", """{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Be compliant"},"subject":{"reference":"Patient/robin"}}""");
        var plan = Talk.SampleJson("tour/care-plan.json");
        plan["goal"] = new JsonArray(new JsonObject { ["reference"] = $"Goal/{goal.Id}" });
        await Refused(plan, "cpa-plan-goal");
    }

    [Fact]
    public async Task A_general_practitioner_does_not_co_ordinate()
    {
        var refused = await (await samples.Process.As("care-coordinator")).Change("CareTeam/robin-team", t =>
        {
            Coordinator(t)["member"] = new JsonObject { ["reference"] = "PractitionerRole/gp", ["display"] = "Dr Hester Quarmby" };
            foreach (var extension in Coordinator(t)["extension"]!.AsArray())
                if (((string)extension!["url"]!).EndsWith("CPA-Agency", StringComparison.Ordinal)) extension["valueReference"] = new JsonObject { ["reference"] = "Organization/meadow-practice", ["display"] = "Meadow Practice" };
        });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("X2", refused.ErrorKeys);
    }

    [Fact]
    public async Task No_day_is_without_a_co_ordinator()
    {
        var refused = await (await samples.Process.As("care-coordinator")).Change("CareTeam/robin-team", t =>
        {
            var next = Coordinator(t).DeepClone();
            Coordinator(t)["period"]!["end"] = "2026-01-01";
            next["period"] = new JsonObject { ["start"] = "2026-01-10" };
            t["participant"]!.AsArray().Add(next);
        });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("X5", refused.ErrorKeys);
    }

    [Fact]
    public async Task A_second_assessment_while_one_is_under_way_is_a_conflict_that_names_the_first()
    {
        var coordinator = await samples.Process.As("care-coordinator");
        var assessment = Talk.SampleJson("valid/CPA-SingleAssessmentResponse/in-progress.json");
        assessment.Remove("id");
        var first = await coordinator.Post("QuestionnaireResponse", assessment.ToJsonString());
        Assert.True(first.Status == HttpStatusCode.Created, first.Body);
        var second = await coordinator.Post("QuestionnaireResponse", assessment.ToJsonString());
        Assert.Equal(HttpStatusCode.Conflict, second.Status);
        Assert.Contains(first.Id, second.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_does_not_go_back()
    {
        var refused = await (await samples.Process.As("care-coordinator")).Change("Task/robin-task-rent", t => t["status"] = "draft");
        Assert.Contains("cpa-state-task", refused.ErrorKeys);
    }

    private static JsonNode Coordinator(JsonObject team) => team["participant"]!.AsArray().First(p => p!["role"]!.ToJsonString().Contains("care-coordinator", StringComparison.Ordinal))!;

    private async Task Refused(JsonObject resource, string key)
    {
        var refused = await (await samples.Process.As("care-coordinator")).Post((string)resource["resourceType"]!, resource.ToJsonString());
        Assert.True(refused.Status == HttpStatusCode.UnprocessableEntity, refused.Body);
        Assert.Contains(key, refused.ErrorKeys);
    }
}
