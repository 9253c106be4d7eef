using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Outside;

namespace FhirCarePlan.Server.Tests.Operations;

/// <summary>`$validate` as a vendor meets it.</summary>
public class ValidateTests(SampleServer server) : IClassFixture<SampleServer>
{
    private const string Wrong = """
        {
          "resourceType": "Patient",
          "gender": "m",
          "birthDate": "1985-02-30"
        }
        """;

    [Fact]
    public async Task Each_issue_says_what_where_which_rule_and_what_is_allowed()
    {
        var (status, outcome) = await Ask("Practitioner/$validate", Wrong.Replace("Patient", "Practitioner", StringComparison.Ordinal));
        Assert.Equal(200, status);
        var issue = Errors(outcome)[0];
        Assert.Equal(("error", "code-invalid", "Practitioner.gender"), ((string?)issue["severity"], (string?)issue["code"], (string?)issue["expression"]![0]));
        Assert.Equal("required-binding", (string?)issue["details"]!["coding"]![0]!["code"]);
        Assert.Contains("`m`", (string?)issue["diagnostics"]);
        Assert.Contains("male", (string?)issue["diagnostics"]);
        Assert.Equal(["operationoutcome-issue-line 3", "operationoutcome-issue-col 3"],
            issue["extension"]!.AsArray().Select(e => $"{((string)e!["url"]!)["http://hl7.org/fhir/StructureDefinition/".Length..]} {e["valueInteger"]}"));
        Assert.Equal(["Practitioner.gender", "Practitioner.birthDate"], Errors(outcome).Select(e => (string?)e["expression"]![0]));
    }

    [Fact]
    public async Task Parameters_carry_the_resource_and_its_profiles_and_the_issues_speak_of_the_resource()
    {
        var body = $$"""
            {"resourceType": "Parameters", "parameter": [
              {"name": "profile", "valueUri": "https://fhir.cpa.example/StructureDefinition/CPA-Patient"},
              {"name": "resource", "resource": {{Wrong}} }
            ]}
            """;
        var (_, outcome) = await Ask("Patient/$validate", body);
        var gender = Errors(outcome).Single(e => (string?)e["expression"]![0] == "Patient.gender");
        Assert.Equal(5, (int?)gender["extension"]![0]!["valueInteger"]);
        Assert.Contains(Errors(outcome), e => ((string?)e["diagnostics"])!.Contains("CPA-Patient", StringComparison.Ordinal));
        // In the address it is the same question.
        var (_, other) = await Ask("Patient/$validate?profile=https://fhir.cpa.example/StructureDefinition/CPA-Patient", Wrong);
        Assert.Equal(Errors(other).Select(e => (string?)e["diagnostics"]), Errors(outcome).Select(e => (string?)e["diagnostics"]));
    }

    [Fact]
    public async Task Several_profiles_may_be_asked_for()
    {
        var (_, outcome) = await Ask("Patient/$validate?profile=https://fhir.cpa.example/StructureDefinition/CPA-Patient&profile=https://fhir.cpa.example/StructureDefinition/CPA-CarePlan", Wrong);
        Assert.Contains(Errors(outcome), e => ((string?)e["diagnostics"])!.Contains("is a profile of `CarePlan`; the resource is a `Patient`", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Patient/$validate?profile=http://nowhere.example/p", Wrong, "not-found", "The profile `http://nowhere.example/p` is not known")]
    [InlineData("Patient/$validate?mode=sometimes", Wrong, "invalid", "`mode` must be one of `create`, `update`, `delete`, `profile`")]
    [InlineData("Patient/$validate?mode=update", Wrong, "required", "Patient/[id]/$validate")]
    [InlineData("Patient/$validate", """{"resourceType":"Parameters","parameter":[{"name":"mode","valueCode":"create"}]}""", "required", "`mode=create` needs the resource that would be written")]
    [InlineData("Patient/$validate", """{"resourceType":"Parameters","parameter":[{"name":"profile","valueUri":"https://fhir.cpa.example/StructureDefinition/CPA-Patient"}]}""", "required", "There is no resource to validate")]
    [InlineData("Patient/$validate", """{"resourceType":"Parameters","parameter":[{"name":"resource"}]}""", "invalid", "must hold one resource")]
    [InlineData("Patient/$validate", """{"resourceType":"Parameters","parameter":[{"name":"extra","valueCode":"x"}]}""", "invalid", "takes only the parameters `resource`, `profile` and `mode`")]
    [InlineData("Patient/$validate?profile=", Wrong, "invalid", "canonical of a profile")]
    [InlineData("Patient/$validate", "{", "structure", "stops being JSON")]
    public async Task A_question_that_cannot_be_answered_is_400_and_says_why(string url, string body, string code, string said)
    {
        var (status, outcome) = await Ask(url, body);
        Assert.Equal((400, code), (status, (string?)outcome["issue"]![0]!["code"]));
        Assert.Contains(said, (string?)outcome["issue"]![0]!["diagnostics"]);
    }

    [Fact]
    public async Task A_Bundle_of_any_kind_is_looked_at_though_none_is_stored()
    {
        var (status, outcome) = await Ask("Bundle/$validate", $$"""
            {"resourceType":"Bundle","type":"collection","entry":[
              {"fullUrl":"urn:uuid:6f3b8a10-0f6f-4a57-9d7f-0e4a3c1f0a01","resource":{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o"}],"managingOrganization":{"reference":"#o"} } },
              {"fullUrl":"urn:uuid:6f3b8a10-0f6f-4a57-9d7f-0e4a3c1f0a02","resource":{{Wrong}} },
              {"fullUrl":"urn:uuid:6f3b8a10-0f6f-4a57-9d7f-0e4a3c1f0a03","resource":{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"reference":"urn:uuid:6f3b8a10-0f6f-4a57-9d7f-0e4a3c1f0a01"} } }
            ]}
            """);
        Assert.Equal(200, status);
        var errors = Errors(outcome);
        Assert.Equal(["Bundle.entry[0].resource.contained[0]", "Bundle.entry[1].resource.gender", "Bundle.entry[1].resource.birthDate"], errors.Select(e => (string?)e["expression"]![0]));
        Assert.Equal([2, 5, 6], errors.Select(e => (int?)e["extension"]![0]!["valueInteger"]));
    }

    [Fact]
    public async Task What_a_transaction_would_store_is_held_to_what_its_entries_would_be()
    {
        var plan = """{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"reference":"Patient/robin"} }""";
        var (_, outcome) = await Ask("Bundle/$validate", $$"""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{{plan}},"request":{"method":"POST","url":"CarePlan"} }]}""");
        Assert.Contains(Errors(outcome), e => ((string?)e["diagnostics"])!.Contains("CPA-AgencyPlan", StringComparison.Ordinal) && ((string?)e["expression"]![0])!.StartsWith("Bundle.entry[0].resource", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_instance_is_looked_at_as_it_is_stored_or_as_it_is_sent()
    {
        var client = await server.Process.As("care-coordinator");
        Assert.DoesNotContain("error", (await client.Send("GET", "CarePlan/robin-plan/$validate")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"error\"", (await client.Send("POST", "CarePlan/robin-plan/$validate", [])).Body, StringComparison.Ordinal);
        Assert.Contains("Patient.gender", (await client.Send("POST", "Patient/robin/$validate", Encoding.UTF8.GetBytes(Wrong))).Body, StringComparison.Ordinal);
        Assert.Equal(404, (await client.Send("GET", "CarePlan/nobody-knows/$validate")).Status);
        Assert.Equal(200, (await client.Send("GET", "CarePlan/robin-plan/$validate?mode=profile&profile=https://fhir.cpa.example/StructureDefinition/CPA-CarePlan")).Status);
    }

    [Fact]
    public async Task An_absurd_input_has_an_end_and_the_same_answer_every_time()
    {
        var telecom = string.Join(',', Enumerable.Repeat("""{"system":"no","value":"1"}""", 3_000));
        var body = $$"""{"resourceType":"Patient","meta":{"profile":["http://unknown.example/p"]},"telecom":[{{telecom}}]}""";
        var client = await server.Process.As("gp");
        var first = await client.Send("POST", "Patient/$validate", Encoding.UTF8.GetBytes(body));
        Assert.Equal(1000, Errors(first.Json).Count);
        var last = first.Json["issue"]!.AsArray()[^1]!;
        Assert.Equal(("information", "too-costly"), ((string?)last["severity"], (string?)last["code"]));
        Assert.Equal(first.Body, (await client.Send("POST", "Patient/$validate", Encoding.UTF8.GetBytes(body))).Body);
    }

    [Fact]
    public async Task A_claimed_profile_that_nobody_knows_is_a_warning_with_its_canonical()
    {
        var (_, outcome) = await Ask("Basic/$validate", """{"resourceType":"Basic","meta":{"profile":["http://unknown.example/p"]},"code":{"text":"x"}}""");
        Assert.Empty(Errors(outcome));
        Assert.Contains(outcome["issue"]!.AsArray(), i => (string?)i!["severity"] == "warning" && ((string?)i["diagnostics"])!.Contains("`http://unknown.example/p` is not known", StringComparison.Ordinal));
    }

    private async Task<(int Status, JsonObject Outcome)> Ask(string url, string body)
    {
        var answer = await (await server.Process.As("gp")).Send("POST", url, Encoding.UTF8.GetBytes(body));
        return (answer.Status, answer.Json);
    }

    private static List<JsonNode> Errors(JsonObject outcome) => [.. outcome["issue"]!.AsArray().Where(i => (string?)i!["severity"] == "error").Select(i => i!)];
}
