using System.Text;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Tests.Outside;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Http;

/// <summary>A refusal says what was most likely meant, errors before warnings; and whoever comes to the door finds the way.</summary>
public class HintsTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private const string Json = "application/fhir+json", Xml = "application/fhir+xml";

    [Theory]
    [InlineData("POST", "Patient", Json, "<Patient xmlns=\"http://hl7.org/fhir\"/>", 400, "Send `Content-Type: application/fhir+xml`")]
    [InlineData("POST", "Patient", Json, "\uFEFF \n<Patient xmlns=\"http://hl7.org/fhir\"/>", 400, "Send `Content-Type: application/fhir+xml`")]
    [InlineData("POST", "", Json, "<Bundle xmlns=\"http://hl7.org/fhir\"/>", 400, "Send `Content-Type: application/fhir+xml`")]
    [InlineData("POST", "Patient/$validate", Json, "<Patient xmlns=\"http://hl7.org/fhir\"/>", 400, "Send `Content-Type: application/fhir+xml`")]
    [InlineData("POST", "Patient", Xml, " {\"resourceType\":\"Patient\"}", 400, "Send `Content-Type: application/fhir+json`")]
    [InlineData("PUT", "Patient/x", Xml, "[]", 400, "Send `Content-Type: application/fhir+json`")]
    [InlineData("POST", "Goal", Json, """{"resourceType":"Bundle","type":"transaction"}""", 422, "Send a batch or transaction to the base: POST ")]
    [InlineData("PUT", "Goal/x", Json, """{"resourceType":"Bundle","type":"batch"}""", 422, "Send a batch or transaction to the base: POST ")]
    [InlineData("POST", "Goal", Json, """{"resourceType":"Bundle","type":"collection"}""", 422, "give it the type `batch` or `transaction`")]
    [InlineData("POST", "Goal", Json, """{"resourceType":"Patient"}""", 422, "/fhir/Patient")]
    [InlineData("POST", "Goal", Json, """{"resourceType":"Parameters"}""", 422, "Parameters go to an operation")]
    [InlineData("POST", "", Json, """{"resourceType":"Goal"}""", 422, "Send a `Goal` to ")]
    [InlineData("POST", "", Json, """{"resourceType":"Bundle","type":"collection"}""", 422, "`batch` or `transaction`")]
    [InlineData("PUT", "Goal/never-was-one", Json, """{"resourceType":"Goal","id":"never-was-one","lifecycleStatus":"active","description":{"text":"x"},"subject":{"reference":"Patient/robin"}}""", 404, "POST it to its type")]
    public async Task A_refusal_says_what_was_most_likely_meant(string method, string url, string type, string body, int status, string hint)
    {
        var answer = await (await samples.Process.As("care-coordinator")).Send(method, url, Encoding.UTF8.GetBytes(body), type);
        Assert.Equal(status, answer.Status);
        Assert.Contains(hint, answer.Said, StringComparison.Ordinal);
    }

    /// <summary>The hint is made of the request and of who asks: hidden and absent stay alike.</summary>
    [Fact]
    public async Task A_PUT_to_what_is_hidden_is_answered_as_one_to_what_is_absent()
    {
        var gp = await samples.Process.As("gp");
        string Body(string id) => $$$"""{"resourceType":"Goal","id":"{{{id}}}","lifecycleStatus":"active","description":{"text":"x"},"subject":{"reference":"Patient/robin"}}""";
        var (hidden, absent) = (await gp.Put("Goal/sky-goal", Body("sky-goal")), await gp.Put("Goal/nobodys", Body("nobodys")));
        Assert.Equal(absent.Whole, hidden.Whole);
    }

    [Fact]
    public void Errors_come_before_warnings_and_otherwise_in_the_order_found()
    {
        Issue Found(IssueSeverity severity, string text) => new(severity, IssueType.Invalid, "", text);
        var written = Encoding.UTF8.GetString(OutcomeJson.Write([Found(IssueSeverity.Information, "i"), Found(IssueSeverity.Warning, "w1"), Found(IssueSeverity.Error, "e1"),
            Found(IssueSeverity.Warning, "w2"), Found(IssueSeverity.Fatal, "f"), Found(IssueSeverity.Error, "e2")]));
        Assert.Equal(["f", "e1", "e2", "w1", "w2", "i"], Wire.Json(written)["issue"]!.AsArray().Select(i => (string)i!["diagnostics"]!));
    }

    [Fact]
    public async Task Errors_come_first_over_HTTP_too()
    {
        var body = """{"resourceType":"Observation","code":{"text":"x"},"status":"nonsense"}""";
        var answer = await (await samples.Process.As("care-coordinator")).Send("POST", "Observation/$validate", Encoding.UTF8.GetBytes(body));
        var severities = answer.Json["issue"]!.AsArray().Select(i => Enum.Parse<IssueSeverity>((string)i!["severity"]!, ignoreCase: true)).ToList();
        Assert.True(severities.Distinct().Count() > 1, answer.Body);
        Assert.Equal(severities.Order(), severities);
    }

    // ---- the door ----------------------------------------------------------------------------------------------------------

    [Theory]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")]
    [InlineData("text/html")]
    public async Task People_find_a_page_with_links_that_lead_somewhere(string accept)
    {
        var page = await samples.Process.Anonymous.Send("GET", "", null, null, $"Accept: {accept}");
        Assert.Equal((200, "text/html; charset=utf-8"), (page.Status, page.Header("Content-Type")));
        Assert.Contains($"{samples.Process.Address}fhir", page.Body, StringComparison.Ordinal);
        var links = System.Text.RegularExpressions.Regex.Matches(page.Body, "href=\"/([^\"#]*)").Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.Equal([], ((string[])["profiles", "swagger", "fhir/metadata", "health", "health/ready"]).Except(links));
        foreach (var link in links) Assert.Equal((200, link), ((int)(await samples.Process.Anonymous.GetAsync(link)).StatusCode, link));
    }

    [Theory]
    [InlineData("application/fhir+json", "application/fhir+json; charset=utf-8")]
    [InlineData("*/*", "application/fhir+json; charset=utf-8")]
    [InlineData("application/fhir+xml", "application/fhir+xml; charset=utf-8")]
    public async Task Programs_are_told_where_the_base_is(string accept, string type)
    {
        var answer = await samples.Process.Anonymous.Send("GET", "", null, null, $"Accept: {accept}");
        Assert.Equal((200, type), (answer.Status, answer.Header("Content-Type")));
        Assert.Contains($"{samples.Process.Address}fhir/metadata", answer.Body, StringComparison.Ordinal);
        Assert.Contains("/dev/token", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_the_base_says_what_is_needed()
    {
        var answer = await samples.Process.Anonymous.Send("GET", "fhir/Patient");
        Assert.Equal((401, "Bearer realm=\"fhir\""), (answer.Status, answer.Header("WWW-Authenticate")));
        Assert.Contains("has no token", answer.Said, StringComparison.Ordinal);
        var bad = await samples.Process.Anonymous.Send("GET", "fhir/Patient", null, null, "Authorization: Bearer nonsense");
        Assert.StartsWith("Bearer realm=\"fhir\", error=\"invalid_token\", error_description=\"The token is malformed", bad.Header("WWW-Authenticate"), StringComparison.Ordinal);
        // What is open to all stays open to a caller with a bad token.
        Assert.Equal(200, (await samples.Process.Anonymous.Send("GET", "fhir/metadata", null, null, "Authorization: Bearer nonsense")).Status);
    }
}
