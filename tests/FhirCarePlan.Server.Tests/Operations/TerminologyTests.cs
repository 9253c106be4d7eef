using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Outside;

namespace FhirCarePlan.Server.Tests.Operations;

/// <summary>Questions about codes, on what the server holds: R4's terminology and our own.</summary>
public class TerminologyTests(SampleServer server) : IClassFixture<SampleServer>
{
    private const string Gender = "http://hl7.org/fhir/administrative-gender", Genders = "http://hl7.org/fhir/ValueSet/administrative-gender",
        Roles = "http://terminology.hl7.org/CodeSystem/v3-RoleCode";

    [Theory]
    [InlineData("", 4, "male female other unknown")]
    [InlineData("&filter=male", 2, "male female")]
    [InlineData("&filter=FEM", 1, "female")]
    [InlineData("&count=2", 4, "male female")]
    [InlineData("&offset=3&count=2", 4, "unknown")]
    [InlineData("&offset=9", 4, "")]
    [InlineData("&count=0", 4, "")]
    public async Task Expand_lists_filters_and_pages(string more, int total, string codes)
    {
        var (status, answer) = await Get($"ValueSet/$expand?url={Genders}{more}");
        Assert.Equal((200, "ValueSet", Genders), (status, (string?)answer["resourceType"], (string?)answer["url"]));
        Assert.Equal(total, (int?)answer["expansion"]!["total"]);
        Assert.Equal(codes, string.Join(' ', Contains(answer).Select(c => (string?)c["code"])));
        Tour.TourTests.AssertValid("ValueSet", answer.ToJsonString());
    }

    [Fact]
    public async Task Expand_knows_our_own_by_address_and_by_id()
    {
        const string url = "https://fhir.cpa.example/ValueSet/CPA-NeedDomain";
        var (status, byUrl) = await Get($"ValueSet/$expand?url={url}");
        Assert.Equal(200, status);
        Assert.NotEmpty(Contains(byUrl));
        Assert.All(Contains(byUrl), c => Assert.NotNull(c["display"]));
        var (_, byId) = await Get("ValueSet/CPA-NeedDomain/$expand");
        Assert.Equal(Contains(byUrl).Select(c => c.ToJsonString()), Contains(byId).Select(c => c.ToJsonString()));
        Assert.Equal(404, (await Get("ValueSet/never-was-one/$expand")).Status);
    }

    [Fact]
    public async Task Expand_takes_a_value_set_that_is_sent()
    {
        var (status, answer) = await Post("ValueSet/$expand", $$$"""
            {"resourceType":"Parameters","parameter":[{"name":"valueSet","resource":{"resourceType":"ValueSet","status":"draft","compose":{"include":[
            {"system":"{{{Roles}}}","filter":[{"property":"concept","op":"is-a","value":"PRN"}]}] } } },{"name":"filter","valueString":"mother"}]}
            """);
        Assert.Equal(200, status);
        Assert.Contains("MTH", Contains(answer).Select(c => (string?)c["code"]));
    }

    [Theory]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/condition-code", 422, "not-supported")]
    [InlineData("ValueSet/$expand?url=http://nowhere.example/vs", 404, "not-found")]
    [InlineData("ValueSet/$expand", 400, "required")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender&count=-1", 400, "invalid")]
    [InlineData("ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/administrative-gender&colour=red", 400, "not-supported")]
    [InlineData("ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/condition-code&system=http://snomed.info/sct&code=1", 422, "not-supported")]
    [InlineData("ValueSet/$validate-code?url=http://nowhere.example/vs&code=x", 404, "not-found")]
    [InlineData("ValueSet/$validate-code?url=http://hl7.org/fhir/ValueSet/administrative-gender", 400, "required")]
    [InlineData("CodeSystem/$validate-code?url=http://snomed.info/sct&code=1", 404, "not-found")]
    [InlineData("CodeSystem/$lookup?system=http://hl7.org/fhir/administrative-gender&code=x", 404, "not-found")]
    [InlineData("CodeSystem/$lookup?system=http://snomed.info/sct&code=1", 404, "not-found")]
    [InlineData("CodeSystem/$lookup?code=male", 400, "required")]
    [InlineData("CodeSystem/$subsumes?system=http://hl7.org/fhir/administrative-gender&codeA=male", 400, "required")]
    [InlineData("CodeSystem/$subsumes?system=http://hl7.org/fhir/administrative-gender&codeA=male&codeB=x", 404, "not-found")]
    [InlineData("ConceptMap/$translate?url=http://nowhere.example/map&system=s:a&code=1", 404, "not-found")]
    [InlineData("ConceptMap/$translate?code=1", 400, "required")]
    public async Task A_question_without_an_answer_gets_the_reason(string question, int status, string code)
    {
        var (found, outcome) = await Get(question);
        Assert.Equal((status, "OperationOutcome", code), (found, (string?)outcome["resourceType"], (string?)outcome["issue"]![0]!["code"]));
    }

    [Theory]
    [InlineData($"ValueSet/$validate-code?url={Genders}&system={Gender}&code=male", true, "Male")]
    [InlineData($"ValueSet/$validate-code?url={Genders}&code=male", true, null)]
    [InlineData($"ValueSet/$validate-code?url={Genders}|4.0.1&system={Gender}&code=m", false, null)]
    [InlineData($"ValueSet/$validate-code?url={Genders}&system=http://x.example&code=male", false, null)]
    [InlineData($"ValueSet/$validate-code?url={Genders}&system={Gender}&code=male&display=Male", true, "Male")]
    [InlineData($"ValueSet/$validate-code?url={Genders}&system={Gender}&code=male&display=Female", false, "Male")]
    [InlineData($"ValueSet/administrative-gender/$validate-code?system={Gender}&code=male", true, "Male")]
    [InlineData($"CodeSystem/$validate-code?url={Gender}&code=other", true, "Other")]
    [InlineData($"CodeSystem/$validate-code?url={Gender}&code=Other", false, null)]
    public async Task A_code_is_in_it_or_not(string question, bool result, string? display)
    {
        var (status, answer) = await Get(question);
        Assert.Equal((200, result, display), (status, (bool?)Parameter(answer, "result")?["valueBoolean"], (string?)Parameter(answer, "display")?["valueString"]));
        Assert.Equal(result, Parameter(answer, "message") is null);
        Tour.TourTests.AssertValid("Parameters", answer.ToJsonString());
    }

    [Fact]
    public async Task One_coding_of_a_concept_is_enough()
    {
        var (status, answer) = await Post("ValueSet/$validate-code", $$$"""
            {"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"{{{Genders}}}"},{"name":"codeableConcept","valueCodeableConcept":{"coding":[{"system":"s:x","code":"1"},{"system":"{{{Gender}}}","code":"female"}] } }]}
            """);
        Assert.Equal((200, true), (status, (bool?)Parameter(answer, "result")!["valueBoolean"]));
    }

    [Fact]
    public async Task Lookup_says_what_a_code_means()
    {
        var (status, answer) = await Get($"CodeSystem/$lookup?system={Roles}&code=MTH");
        Assert.Equal((200, "mother"), (status, (string?)Parameter(answer, "display")!["valueString"]));
        Assert.Contains("\"valueCode\":\"PRN\"", answer.ToJsonString(), StringComparison.Ordinal);
        Tour.TourTests.AssertValid("Parameters", answer.ToJsonString());
        var (_, own) = await Get("CodeSystem/$lookup?system=https://fhir.cpa.example/CodeSystem/CPA-Operation&code=expand");
        Assert.Equal("Expand", (string?)Parameter(own, "display")!["valueString"]);
        Assert.Contains("Asked for the codes", own.ToJsonString(), StringComparison.Ordinal);
        var (_, few) = await Get("CodeSystem/$lookup?system=https://fhir.cpa.example/CodeSystem/CPA-Operation&code=expand&property=parent");
        Assert.DoesNotContain("Asked for the codes", few.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MTH", "MTH", "equivalent")]
    [InlineData("PRN", "MTH", "subsumes")]
    [InlineData("NMTH", "PRN", "subsumed-by")]
    [InlineData("MTH", "FTH", "not-subsumed")]
    public async Task Subsumes_compares(string a, string b, string outcome)
    {
        var (status, answer) = await Get($"CodeSystem/$subsumes?system={Roles}&codeA={a}&codeB={b}");
        Assert.Equal((200, outcome), (status, (string?)Parameter(answer, "outcome")!["valueCode"]));
    }

    private const string Maps = "http://hl7.org/fhir/ConceptMap", V3Gender = "http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender";

    [Theory]
    [InlineData($"system={Gender}&code=male", "equal http://terminology.hl7.org/CodeSystem/v2-0001 M", $"equal {V3Gender} M")]
    [InlineData($"system={Gender}&code=male&targetsystem={V3Gender}", $"equal {V3Gender} M")]
    [InlineData($"system={Gender}&code=other&url={Maps}/cm-administrative-gender-v3|4.0.1", $"wider {V3Gender} UN")]
    [InlineData($"system={V3Gender}&code=UN&reverse=true", $"narrower {Gender} other")]
    // R4's maps of statuses name value sets and no systems: a code of another system is none of theirs.
    [InlineData("system=http://hl7.org/fhir/task-status&code=rejected", "equivalent http://hl7.org/fhir/resource-status declined")]
    [InlineData($"system={Gender}&code=unknown&targetsystem=http://hl7.org/fhir/resource-status")]
    [InlineData($"system={Gender}&code=unknown&url={Maps}/sc-task-status")]
    [InlineData($"system={Gender}&code=x")]
    public async Task Translate_knows_the_concept_maps_of_R4(string question, params string[] matches)
    {
        var (status, answer) = await Get($"ConceptMap/$translate?{question}");
        Assert.Equal((200, matches.Length > 0), (status, (bool?)Parameter(answer, "result")!["valueBoolean"]));
        Assert.Equal(matches, answer["parameter"]!.AsArray().Where(p => (string?)p!["name"] == "match").Select(p => p!["part"]!.AsArray())
            .Select(parts => $"{(string?)parts[0]!["valueCode"]} {(string?)parts[1]!["valueCoding"]!["system"]} {(string?)parts[1]!["valueCoding"]!["code"]}"));
    }

    [Fact]
    public async Task Nobody_asks_without_a_token() =>
        Assert.Equal(401, (await server.Process.Anonymous.Send("GET", $"fhir/ValueSet/$expand?url={Genders}")).Status);

    private static IEnumerable<JsonNode> Contains(JsonNode answer) => (answer["expansion"]!["contains"]?.AsArray() ?? []).Select(c => c!);

    private static JsonNode? Parameter(JsonNode answer, string name) => answer["parameter"]!.AsArray().FirstOrDefault(p => (string?)p!["name"] == name);

    private async Task<(int Status, JsonNode Answer)> Get(string question)
    {
        var answer = await (await server.Process.As("gp")).Send("GET", question);
        return (answer.Status, answer.Json);
    }

    private async Task<(int Status, JsonNode Answer)> Post(string question, string body)
    {
        var answer = await (await server.Process.As("gp")).Send("POST", question, Encoding.UTF8.GetBytes(body));
        return (answer.Status, answer.Json);
    }
}
