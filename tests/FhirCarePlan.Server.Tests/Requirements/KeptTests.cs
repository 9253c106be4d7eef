using System.Net;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Requirements;

/// <summary>What a requirement records is kept, found by a search and shown to whom it concerns; what it has a code for is taken, and the code is not free.</summary>
public class KeptTests(SampleServer samples) : IClassFixture<SampleServer>
{
    [Theory]
    [InlineData("M1", "care-coordinator", "QuestionnaireResponse?patient=robin", "robin-assessment")]
    [InlineData("M20", "care-coordinator", "CarePlan?part-of=CarePlan/robin-plan", "robin-housing-plan")]
    [InlineData("M23", "care-coordinator", "CarePlan/robin-plan/_history", "robin-plan")]
    [InlineData("M26", "person", "CarePlan?patient=robin", "robin-plan")]
    [InlineData("M28", "gp", "Observation?code=266918002&patient=robin", "robin-check-smoking")]
    [InlineData("M35", "care-coordinator", "CareTeam?participant=PractitionerRole/care-coordinator", "robin-team")]
    [InlineData("M36", "care-coordinator", "PractitionerRole?role=care-coordinator", "care-coordinator")]
    [InlineData("M39", "care-coordinator", "CarePlan?_id=robin-housing-plan", "robin-housing-plan")]
    [InlineData("M43", "care-coordinator", "CarePlan?care-coordinator=PractitionerRole/care-coordinator", "robin-plan")]
    [InlineData("M45", "care-coordinator", "CareTeam?role-current=crisis-service", "robin-team")]
    [InlineData("M51", "carer", "CarePlan?_id=robin-crisis-plan", "robin-crisis-plan")]
    [InlineData("M54", "care-coordinator", "ServiceRequest?intent=proposal&patient=robin", "robin-proposal-art")]
    [InlineData("M68", "gp", "HealthcareService?_id=rivelin-crisis-line", "rivelin-crisis-line")]
    [InlineData("M70", "care-coordinator", "Task?code=transfer&patient=robin", "robin-task-transfer")]
    [InlineData("M74", "care-coordinator", "EpisodeOfCare?type=1092421000000100&patient=robin", "robin-episode")]
    [InlineData("M87", "gp", "CarePlan?patient=robin", "robin-plan")]
    [InlineData("M88", "care-coordinator", "CarePlan?part-of=CarePlan/robin-plan", "robin-housing-plan")]
    [InlineData("M91", "care-coordinator", "CarePlan?performer=PractitionerRole/social-worker", "robin-plan")]
    [InlineData("M92", "care-coordinator", "Encounter?patient=robin&_sort=-date", "robin-follow-up")]
    [InlineData("M93", "care-coordinator", "Observation?patient=robin&_sort=-date&_count=100", "robin-accommodation")]
    [InlineData("M97", "care-coordinator", "Patient?identifier=https://fhir.nhs.uk/Id/nhs-number|9994127004", "robin")]
    [InlineData("M98", "care-coordinator", "Communication?patient=robin", "robin-plan-copy")]
    [InlineData("M98", "care-coordinator", "DocumentReference?patient=robin", "robin-advance-statement")]
    [InlineData("M102", "care-coordinator", "Communication?category=support-information&patient=robin", "robin-support-information")]
    [InlineData("M106", "care-coordinator", "List?code=smi-register", "register-trust")]
    [InlineData("M107", "gp", "List?code=smi-register", "register-practice")]
    [InlineData("M109", "care-coordinator", "Condition?need-domain=accommodation&need-status=partly-met,unmet,met", "robin-need-accommodation")]
    [InlineData("M118", "care-coordinator", "Observation?code=employment&patient=robin", "robin-employment")]
    [InlineData("M122", "gp", "Patient?general-practitioner=Organization/meadow-practice", "robin")]
    [InlineData("M126", "gp", "Organization?name=Open", "open-door")]
    public async Task It_is_kept_and_found(string requirement, string persona, string query, string id)
    {
        Assert.StartsWith("M", requirement, StringComparison.Ordinal);
        var found = await (await samples.Process.As(persona)).Get(query);
        Assert.True(found.Status == HttpStatusCode.OK, found.Body);
        Assert.Contains(id, found.Ids);
    }

    /// <summary>A code of ours is taken as it stands, and not when it is misspelt.</summary>
    [Theory]
    [InlineData("M37", "partnership/Task-robin-task-transfer.json", "code.coding.0.code", "escalate")]
    [InlineData("M45", "valid/CPA-PractitionerRole/care-coordinator.json", "code.0.coding.0.code", "assertive-outreach")]
    [InlineData("M46", "valid/CPA-PractitionerRole/care-coordinator.json", "code.0.coding.0.code", "navigator")]
    [InlineData("M49", "valid/CPA-PractitionerRole/care-coordinator.json", "code.0.coding.0.code", "practice-mh-lead")]
    [InlineData("M49", "valid/CPA-PractitionerRole/care-coordinator.json", "code.0.coding.0.code", "link-worker")]
    [InlineData("M67", "partnership/Communication-robin-plan-copy.json", "category.0.coding.0.code", "contact-attempt")]
    [InlineData("M73", "partnership/Task-robin-task-transfer.json", "code.coding.0.code", "consult")]
    [InlineData("M78", "valid/CPA-CarePlan/one-of-everything.json", "fundingSource", "personal-health-budget")]
    [InlineData("M78", "valid/CPA-CarePlan/one-of-everything.json", "fundingSource", "direct-payment")]
    [InlineData("M103", "valid/CPA-Organization/trust.json", "type.0.coding.0.code", "police")]
    [InlineData("M112", "valid/CPA-CarePlan/one-of-everything.json", "fundingSource", "pooled-s75")]
    public async Task Its_code_is_taken_and_no_other(string requirement, string sample, string path, string code)
    {
        Assert.StartsWith("M", requirement, StringComparison.Ordinal);
        var resource = Talk.SampleJson(sample);
        Set(resource, path, code);
        Assert.Empty(await Errors(resource));
        Set(resource, path, code + "-not");
        Assert.NotEmpty(await Errors(resource));
    }

    [Theory]
    [InlineData("M22", "valid/CPA-CarePlan/no-strength.json", "cpa-cp-14")]
    [InlineData("M111", "valid/CPA-CarePlan/activity-without-cost.json", "cpa-cp-15")]
    public async Task Without_it_there_is_a_warning(string requirement, string sample, string key)
    {
        Assert.StartsWith("M", requirement, StringComparison.Ordinal);
        var told = await (await samples.Process.As("care-coordinator")).Post("CarePlan/$validate", Talk.Sample(sample));
        Assert.Empty(told.ErrorKeys);
        Assert.Contains($"\"{key}\"", told.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_may_name_several_who_could_do_it()
    {
        var request = Talk.SampleJson("partnership/ServiceRequest-robin-proposal-art.json");
        request["performer"] = new JsonArray(new JsonObject { ["reference"] = "Organization/open-door" }, new JsonObject { ["reference"] = "Organization/rivelin-council" });
        Assert.Empty(await Errors(request));
    }

    [Fact]
    public async Task An_encounter_may_be_at_a_distance()
    {
        var encounter = Talk.SampleJson("partnership/Encounter-robin-follow-up.json");
        encounter.Remove("id");
        encounter["class"] = new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v3-ActCode", ["code"] = "VR" };
        var coordinator = await samples.Process.As("care-coordinator");
        var made = await coordinator.Post("Encounter", encounter.ToJsonString());
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        Assert.Contains(made.Id, (await coordinator.Get("Encounter?class=VR&patient=robin")).Ids);
    }

    [Fact]
    public async Task The_capability_statement_says_what_is_served()
    {
        using var client = new HttpClient { BaseAddress = samples.Process.Fhir };
        var statement = (await client.Get("metadata")).Json;
        Assert.Equal("4.0.1", (string)statement["fhirVersion"]!);
        foreach (var type in statement["rest"]![0]!["resource"]!.AsArray().Select(r => (string)r!["type"]!))
            Assert.Equal(HttpStatusCode.OK, (await (await samples.Process.As("ig-lead")).Get($"{type}?_count=1&_summary=true")).Status);
    }

    private async Task<IReadOnlyList<string>> Errors(JsonObject resource) =>
        (await (await samples.Process.As("care-coordinator")).Post($"{resource["resourceType"]}/$validate", resource.ToJsonString())).ErrorKeys;

    /// <summary>At `a.0.b`; `fundingSource` alone is the code of the first part of that name.</summary>
    private static void Set(JsonNode at, string path, string value)
    {
        if (path == "fundingSource")
        {
            Find(at)["valueCodeableConcept"]!["coding"]![0]!["code"] = value;
            return;
        }
        var names = path.Split('.');
        foreach (var name in names[..^1]) at = int.TryParse(name, out var i) ? at[i]! : at[name]!;
        at[names[^1]] = value;

        static JsonNode Find(JsonNode within) => All(within).First(n => n is JsonObject o && o["url"] is JsonValue url && url.ToString() == "fundingSource");
        static IEnumerable<JsonNode> All(JsonNode node) =>
            [node, .. node switch { JsonObject o => o.Select(p => p.Value), JsonArray a => a, _ => (IEnumerable<JsonNode?>)[] } is var below ? below.OfType<JsonNode>().SelectMany(All) : []];
    }
}
