using System.Net;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Enforced;

/// <summary>A slip of the pen switches no profile off, and the answer says what was probably meant; what is no business of CPA is stored as base R4.</summary>
public class NearMissTests(SampleServer samples) : IClassFixture<SampleServer>
{
    [Theory]
    [InlineData("tour/care-plan-without-crisis-plan.json", "category.0.coding.0.code", "1092421000000101", "cpa-cp-4")]
    [InlineData("tour/care-plan-without-crisis-plan.json", "category.0.coding.0.code", "1092421000000010", "cpa-cp-4")]
    [InlineData("tour/care-plan-without-crisis-plan.json", "category.0.coding.0.system", "http://snomed.info/sct/", "cpa-cp-4")]
    [InlineData("tour/care-plan-without-crisis-plan.json", "category.0", """{"text":"Care Programme Approach"}""", "cpa-cp-4")]
    [InlineData("tour/care-plan-without-crisis-plan.json", "category.0", """{"coding":[{"system":"http://snomed.info/sct","code":"735324008"}]}""", "cpa-cp-4")]
    [InlineData("invalid/CPA-CrisisPlan/no-warning-sign.json", "category.0.coding.0.code", "736253003", "slice-cardinality")]
    [InlineData("invalid/CPA-EpisodeOfCare/finished-without-reason.json", "type.0.coding.0.code", "1092421000000101", "cpa-ep-1")]
    [InlineData("invalid/CPA-Consent/no-protocol.json", "category.0.coding.0.code", "multi-agency-sharin", "cpa-con-6")]
    [InlineData("invalid/CPA-Consent/no-protocol.json", "category.0.coding.0.code", "multi-agency-Sharing", "cpa-con-6")]
    [InlineData("invalid/CPA-Need/no-status.json", "category.0.coding.0.code", "needs", "slice-cardinality")]
    [InlineData("invalid/CPA-Condition/recorder-unknown.json", "category.0.coding.0.code", "primary-diagnoses", "cpa-cond-2")]
    [InlineData("invalid/CPA-HoNOS/rated-9.json", "code.coding.0.code", "979641000000104", "cpa-hon-1")]
    [InlineData("invalid/CPA-DIALOG/rated-8.json", "code.coding.0.code", "103765100000010", "cpa-dia-1")]
    [InlineData("invalid/CPA-ReviewEncounter/goes-on-or-not.json", "type.0.coding.0.code", "166131000000105", "cpa-rev-1")]
    [InlineData("invalid/CPA-ShareRequestTask/refused-without-reason.json", "code.coding.0.code", "share-requests", "cpa-tsk-1")]
    [InlineData("invalid/CPA-DocumentReference/without-author.json", "type.coding.0.code", "736366005", "cardinality")]
    [InlineData("invalid/CPA-ReviewEncounter/goes-on-or-not.json", "type.0", """{"text":"Annual CPA review"}""", "cpa-rev-1")]
    [InlineData("invalid/CPA-HoNOS/rated-9.json", "code", """{"text":"Total HoNOS score"}""", "cpa-hon-1")]
    [InlineData("invalid/CPA-CrisisPlan/no-warning-sign.json", "category.0", """{"text":"My crisis plan"}""", "slice-cardinality")]
    public async Task A_slip_is_judged_as_what_was_meant(string file, string path, string slip, string key)
    {
        var resource = Talk.SampleJson(file);
        foreach (var name in (string[])["id", "meta"]) resource.Remove(name);
        Set(resource, path, slip.StartsWith('{') ? JsonNode.Parse(slip)! : slip);
        var refused = await (await samples.Process.As("care-coordinator")).Post((string)resource["resourceType"]!, resource.ToJsonString());
        Assert.True(refused.Status == HttpStatusCode.UnprocessableEntity, refused.Body);
        Assert.Contains(key, refused.ErrorKeys);
        Assert.Contains("did you mean", refused.Body, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("https://fhir.cpa.example/StructureDefinition/CPA-CarePlans")]
    [InlineData("http://fhir.cpa.example/StructureDefinition/CPA-CarePlan")]
    public async Task A_profile_of_ours_that_is_not_there_is_an_error(string profile)
    {
        var plan = Talk.SampleJson("tour/care-plan.json");
        plan["meta"] = new JsonObject { ["profile"] = new JsonArray(profile) };
        var refused = await (await samples.Process.As("care-coordinator")).Post("CarePlan", plan.ToJsonString());
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "profile"), (refused.Status, string.Join(' ', refused.ErrorKeys)));
        Assert.Contains("did you mean `https://fhir.cpa.example/StructureDefinition/CPA-CarePlan`", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_agency_s_kind_of_plan_is_another_agency_s()
    {
        var plan = Talk.SampleJson("valid/CPA-AgencyPlan/housing-plan.json");
        plan["author"] = new JsonObject { ["reference"] = "PractitionerRole/social-worker", ["display"] = "A social worker" };
        Assert.Equal(HttpStatusCode.Created, (await (await samples.Process.As("social-worker")).Post("CarePlan", plan.ToJsonString())).Status);
        plan["author"] = new JsonObject { ["reference"] = "PractitionerRole/care-coordinator", ["display"] = "A nurse" };
        var refused = await (await samples.Process.As("care-coordinator")).Post("CarePlan", plan.ToJsonString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("did-you-mean", refused.ErrorKeys);
        Assert.Contains("cpa-cp-1", refused.ErrorKeys);
    }

    [Theory]
    [InlineData("gp", """{"resourceType":"Condition","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-category","code":"problem-list-item"}]}],"code":{"text":"Hay fever"},"subject":{"reference":"Patient/robin"},"recorder":{"reference":"PractitionerRole/gp"}}""")]
    [InlineData("gp", """{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"subject":{"reference":"Patient/robin"},"performer":[{"reference":"PractitionerRole/gp"}],"valueQuantity":{"value":120}}""")]
    [InlineData("gp", """{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Lose five kilos"},"subject":{"reference":"Patient/robin"}}""")]
    [InlineData("gp", """{"resourceType":"RiskAssessment","status":"final","subject":{"reference":"Patient/robin"},"prediction":[{"outcome":{"coding":[{"system":"http://snomed.info/sct","code":"49601007"}]},"probabilityDecimal":0.1}]}""")]
    [InlineData("gp", """{"resourceType":"Flag","status":"active","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/flag-category","code":"drug"}]}],"code":{"text":"Penicillin"},"subject":{"reference":"Patient/robin"}}""")]
    [InlineData("gp", """{"resourceType":"Encounter","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"type":[{"text":"Surgery appointment"}],"subject":{"reference":"Patient/robin"}}""")]
    [InlineData("gp", """{"resourceType":"DocumentReference","status":"current","type":{"text":"Letter"},"subject":{"reference":"Patient/robin"},"content":[{"attachment":{"contentType":"text/plain","title":"Letter"}}]}""")]
    [InlineData("care-coordinator", """{"resourceType":"EpisodeOfCare","status":"planned","type":[{"coding":[{"system":"http://snomed.info/sct","code":"394848005"}]}],"patient":{"reference":"Patient/robin"},"managingOrganization":{"reference":"Organization/rivelin-trust"}}""")]
    [InlineData("care-coordinator", """{"resourceType":"Goal","lifecycleStatus":"active","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/goal-category","code":"dietary"}]}],"description":{"text":"Eat breakfast"},"subject":{"reference":"Patient/robin"}}""")]
    [InlineData("gp", """{"resourceType":"Encounter","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"type":[{"text":"Review of asthma"}],"subject":{"reference":"Patient/robin"}}""")]
    [InlineData("social-worker", """{"resourceType":"DocumentReference","status":"current","type":{"text":"Crisis loan decision"},"subject":{"reference":"Patient/robin"},"content":[{"attachment":{"contentType":"text/plain","title":"Crisis loan"}}]}""")]
    public async Task What_is_no_business_of_CPA_is_stored_as_base_R4(string persona, string body)
    {
        var stored = await (await samples.Process.As(persona)).Post((string)JsonNode.Parse(body)!["resourceType"]!, body);
        Assert.True(stored.Status == HttpStatusCode.Created, stored.Body);
    }

    [Theory]
    [InlineData("gp", """{"resourceType":"Flag","status":"active","category":[{"coding":[{"code":"forensic"}]}],"code":{"text":"See file"},"subject":{"reference":"Patient/robin"}}""", "CodeSystem/CPA-FlagCategory")]
    [InlineData("gp", """{"resourceType":"Flag","status":"active","code":{"text":"MAPPA level 2"},"subject":{"reference":"Patient/robin"}}""", "CodeSystem/CPA-FlagCategory")]
    public async Task What_lacks_its_code_is_told_which(string persona, string body, string meant)
    {
        var refused = await (await samples.Process.As(persona)).Post((string)JsonNode.Parse(body)!["resourceType"]!, body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("did-you-mean", refused.ErrorKeys);
        Assert.Contains(meant, refused.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Sleep better"},"subject":{"reference":"Patient/robin"}}""", "NeedDomain")]
    [InlineData("""{"resourceType":"EpisodeOfCare","status":"planned","patient":{"reference":"Patient/robin"},"managingOrganization":{"reference":"Organization/rivelin-trust"}}""", "1092421000000100")]
    public async Task What_a_trust_writes_and_does_not_say_what_it_is_is_stored_with_a_hint(string body, string meant)
    {
        var type = (string)JsonNode.Parse(body)!["resourceType"]!;
        var trust = await samples.Process.As("care-coordinator");
        Assert.Equal(HttpStatusCode.Created, (await trust.Post(type, body)).Status);
        var said = await trust.Post($"{type}/$validate?mode=create", body);
        Assert.Empty(said.ErrorKeys);
        var hint = Assert.Single(said.Json["issue"]!.AsArray(), i => (string?)i!["details"]?["coding"]?[0]?["code"] == "did-you-mean")!;
        Assert.Equal("warning", (string)hint["severity"]!);
        Assert.Contains(meant, hint.ToJsonString(), StringComparison.Ordinal);
        var gp = await (await samples.Process.As("gp")).Post($"{type}/$validate", body);
        Assert.DoesNotContain("did-you-mean", gp.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_does_not_leave_its_profile_by_leaving_out_what_chose_it()
    {
        var coordinator = await samples.Process.As("care-coordinator");
        var left = await coordinator.Change("EpisodeOfCare/sky-episode", e =>
        {
            e.Remove("type");
            e.Remove("extension");
            e.Remove("careManager");
        });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, left.Status);
        Assert.Contains("cpa-ep-3", left.ErrorKeys);
        Assert.Contains("did-you-mean", left.ErrorKeys);
    }

    [Fact]
    public async Task A_bundle_s_entries_are_judged_alike()
    {
        var plan = Talk.SampleJson("tour/care-plan-without-crisis-plan.json");
        Set(plan, "category.0.coding.0.code", "1092421000000101");
        var bundle = new JsonObject
        {
            ["resourceType"] = "Bundle", ["type"] = "transaction",
            ["entry"] = new JsonArray(new JsonObject { ["resource"] = plan, ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "CarePlan" } }),
        };
        var coordinator = await samples.Process.As("care-coordinator");
        Assert.Contains("cpa-cp-4", (await coordinator.Post("Bundle/$validate", bundle.ToJsonString())).ErrorKeys);
        var refused = await coordinator.Post("", bundle.ToJsonString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("did-you-mean", refused.ErrorKeys);
    }

    private static void Set(JsonNode at, string path, JsonNode value)
    {
        var names = path.Split('.');
        foreach (var name in names[..^1]) at = int.TryParse(name, out var i) ? at[i]! : at[name]!;
        if (int.TryParse(names[^1], out var last)) at[last] = value;
        else at[names[^1]] = value;
    }
}
