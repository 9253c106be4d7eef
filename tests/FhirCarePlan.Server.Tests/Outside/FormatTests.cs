using System.Text;
using System.Xml.Linq;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>JSON or XML, in and out, by `Content-Type`, `Accept` and `_format`. https://hl7.org/fhir/R4/http.html#mime-type</summary>
public class FormatTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private const string Xml = "application/fhir+xml";
    private static readonly XNamespace Fhir = "http://hl7.org/fhir";
    private ServerProcess Server => samples.Process;

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string AsJson(string xml)
    {
        var report = new Report();
        using var document = XmlParser.Parse(Bytes(xml), report, ParseLimits.Own);
        Assert.True(document != null, string.Join("; ", report.Issues.Select(i => i.Text)) + xml);
        return Encoding.UTF8.GetString(CanonicalJson.Write(document));
    }

    private static string AsXml(string json)
    {
        using var document = JsonParser.Parse(Bytes(json), new Report(), ParseLimits.Own)!;
        return Encoding.UTF8.GetString(ResourceXml.Write(document));
    }

    [Theory]
    [InlineData("", null, "application/fhir+json")]
    [InlineData("", "*/*", "application/fhir+json")]
    [InlineData("", "application/fhir+xml", "application/fhir+xml")]
    [InlineData("", "application/xml", "application/xml")]
    [InlineData("", "text/xml", "text/xml")]
    [InlineData("", "application/json", "application/json")]
    [InlineData("", "text/json", "text/json")]
    [InlineData("", "text/*", "text/json")]
    [InlineData("", "application/fhir+json;q=0.5, application/fhir+xml;q=0.9", "application/fhir+xml")]
    [InlineData("", "application/fhir+xml;q=0.2, */*;q=0.1", "application/fhir+xml")]
    [InlineData("", "application/fhir+xml; fhirVersion=4.0", "application/fhir+xml")]
    [InlineData("", "application/fhir+xml; fhirVersion=3.0, application/fhir+json; fhirVersion=4.0", "application/fhir+json")]
    [InlineData("", "application/fhir+json;q=0, application/*", "application/json")]
    [InlineData("?_format=xml", null, "application/fhir+xml")]
    [InlineData("?_format=xml", "application/fhir+json", "application/fhir+xml")]
    [InlineData("?_format=json", "application/fhir+xml", "application/fhir+json")]
    [InlineData("?_format=application/fhir%2Bxml", null, "application/fhir+xml")]
    [InlineData("?_format=application/fhir+xml", null, "application/fhir+xml")]
    [InlineData("?_format=text/xml", null, "text/xml")]
    [InlineData("?_pretty=true&_format=application/json", null, "application/json")]
    public async Task The_answer_is_what_is_asked_for(string query, string? accept, string mediaType)
    {
        var client = await Server.As("gp");
        foreach (var url in new[] { "metadata", "CarePlan/robin-plan", "CarePlan", "Patient/robin/_history",
            "CarePlan/robin-plan/$validate", "CarePlan/robin-plan/$explain", "CarePlan/nothing" })
        {
            var answer = await client.Send("GET", url + query, null, null, accept is null ? [] : [$"Accept: {accept}"]);
            Assert.Equal(url.EndsWith("nothing", StringComparison.Ordinal) ? 404 : 200, answer.Status);
            Assert.Equal($"{mediaType}; charset=utf-8", answer.Header("Content-Type"));
            Assert.Equal(mediaType.EndsWith("xml", StringComparison.Ordinal) ? '<' : '{', answer.Body[0]);
            Assert.Contains("Accept", answer.Header("Vary"));
        }
    }

    [Theory]
    [InlineData("?_format=turtle", null)]
    [InlineData("?_format=text/turtle", "application/fhir+json")]
    [InlineData("", "text/turtle")]
    [InlineData("", "text/html, image/png")]
    [InlineData("", "application/fhir+json; fhirVersion=3.0")]
    [InlineData("", "*/*;q=0")]
    public async Task What_we_cannot_write_is_406_and_nothing_is_done(string query, string? accept)
    {
        var client = await Server.As("care-coordinator");
        string[] headers = accept is null ? [] : [$"Accept: {accept}"];
        Assert.Equal(406, (await client.Send("GET", "CarePlan/robin-plan" + query, null, null, headers)).Status);
        var goals = (int)(await client.Get("Goal?_summary=count")).Json["total"]!;
        var created = await client.Send("POST", "Goal" + query, Bytes(Goal), Wire.Fhir, headers);
        Assert.Equal(406, created.Status);
        Assert.Contains("application/fhir+xml", created.Said, StringComparison.Ordinal);
        Assert.Equal(goals, (int)(await client.Get("Goal?_summary=count")).Json["total"]!);
    }

    [Fact]
    public async Task A_search_by_form_may_hold_the_format()
    {
        var client = await Server.As("gp");
        var form = "application/x-www-form-urlencoded";
        Assert.Equal("application/fhir+xml; charset=utf-8",
            (await client.Send("POST", "CarePlan/_search", Bytes("_format=xml&status=active"), form)).Header("Content-Type"));
        Assert.Equal(406, (await client.Send("POST", "CarePlan/_search", Bytes("_format=turtle"), form)).Status);
        Assert.Equal(415, (await client.Send("POST", "CarePlan/_search", Bytes("<x/>"), Xml)).Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/fhir+turtle")]
    [InlineData("application/fhir+json; charset=utf-16")]
    [InlineData("application/fhir+xml; charset=iso-8859-1")]
    [InlineData("application/fhir+json; fhirVersion=3.0")]
    [InlineData("x")]
    [InlineData(null)]
    public async Task What_we_cannot_read_is_415(string? contentType)
    {
        var client = await Server.As("care-coordinator");
        foreach (var (method, url) in new[] { ("POST", "Goal"), ("PUT", "Goal/x"), ("POST", ""), ("POST", "Goal/$validate") })
        {
            var answer = await client.Send(method, url, Bytes(Goal), contentType);
            Assert.Equal(415, answer.Status);
            Assert.Equal("not-supported", (string?)answer.Json["issue"]![0]!["code"]);
        }
    }

    private const string Goal =
        """{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Walk each day"},"subject":{"reference":"Patient/robin"}}""";

    [Theory]
    [InlineData("application/fhir+xml")]
    [InlineData("application/xml; charset=\"UTF-8\"")]
    [InlineData("text/xml")]
    public async Task A_resource_goes_in_and_comes_out_as_XML(string contentType)
    {
        var client = await Server.As("care-coordinator");
        var created = await client.Send("POST", "Goal", Bytes(AsXml(Goal)), contentType, $"Accept: {Xml}");
        Assert.True(created.Status == 201, created.Body);
        var id = (string)XDocument.Parse(created.Body).Root!.Element(Fhir + "id")!.Attribute("value")!;
        var asJson = await client.Send("GET", $"Goal/{id}");
        var asXml = await client.Send("GET", $"Goal/{id}?_format=xml");
        Assert.Equal(asJson.Body, AsJson(asXml.Body));
        Assert.Equal(asJson.Header("ETag"), asXml.Header("ETag"));
        Assert.Equal(asJson.Header("Last-Modified"), asXml.Header("Last-Modified"));
        Assert.Equal(created.Header("ETag"), asXml.Header("ETag"));
        var updated = await client.Send("PUT", $"Goal/{id}",
            Bytes(asXml.Body.Replace("Walk each day", "Walk every day", StringComparison.Ordinal)), contentType,
            $"If-Match: {asXml.Header("ETag")}");
        Assert.True(updated.Status == 200, updated.Body);
        Assert.Contains("Walk every day", updated.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everybodys_view_holds_the_same_in_both_formats()
    {
        foreach (var persona in new[] { "care-coordinator", "gp", "social-worker", "housing-officer", "person" })
        {
            var client = await Server.As(persona);
            foreach (var url in new[] { "CarePlan/robin-plan", "Patient/robin", "CarePlan?_include=*", "Condition?_count=50",
                "Consent?_summary=true", "CarePlan/robin-plan/_history", "AuditEvent?_count=1&_elements=type" })
            {
                var json = await client.Send("GET", url);
                var xml = await client.Send("GET", url, null, null, $"Accept: {Xml}");
                Assert.Equal(json.Status, xml.Status);
                if (url.StartsWith("AuditEvent", StringComparison.Ordinal)) Assert.NotEmpty(AsJson(xml.Body)); // each look adds to it
                else Assert.Equal(Narratives(json.Body), Narratives(AsJson(xml.Body)));
            }
        }
    }

    /// <summary>Narratives are the same as XML, not byte for byte.</summary>
    private static string Narratives(string json) => AsJson(AsXml(json));

    [Fact]
    public async Task A_transaction_and_its_answer_are_XML()
    {
        var client = await Server.As("care-coordinator");
        var bundle = Wire.Bundle("transaction", Wire.Entry("POST", "Goal", Wire.Json(Goal)), Wire.Entry("GET", "Patient/robin"))
            .ToJsonString();
        var answer = await client.Send("POST", "", Bytes(AsXml(bundle)), Xml, $"Accept: {Xml}");
        Assert.True(answer.Status == 200, answer.Body);
        var statuses = XDocument.Parse(answer.Body).Descendants(Fhir + "response")
            .Select(r => (string?)r.Element(Fhir + "status")!.Attribute("value"));
        Assert.Equal(["201", "200"], statuses);
    }

    [Fact]
    public async Task What_is_wrong_with_XML_is_said_in_XML_with_its_line_and_column()
    {
        var client = await Server.As("care-coordinator");
        var answer = await client.Send("POST", "Goal",
            Bytes("<Goal xmlns=\"http://hl7.org/fhir\">\n  <subject><reference value=\"Patient/robin\"/></subject>\n  <lifecycleStatus value=\"active\"/>\n</Goal>"), Xml, $"Accept: {Xml}");
        Assert.Equal(422, answer.Status);
        var outcome = XDocument.Parse(answer.Body).Root!;
        Assert.Equal(Fhir + "OperationOutcome", outcome.Name);
        Assert.Equal(["3", "3"], outcome.Descendants(Fhir + "valueInteger").Take(2).Select(v => (string?)v.Attribute("value")));
        Assert.Equal("`lifecycleStatus` comes after `subject`; in Goal it comes before it",
            (string?)outcome.Descendants(Fhir + "diagnostics").First().Attribute("value"));
        Assert.Equal(400, (await client.Send("POST", "Goal", Bytes("<Goal xmlns=\"http://hl7.org/fhir\">"), Xml)).Status);
        Assert.Equal(400, (await client.Send("POST", "Goal", Bytes(Goal), Xml)).Status);
        Assert.Equal(400, (await client.Send("POST", "Goal", Bytes(AsXml(Goal)))).Status);
    }

    [Fact]
    public async Task Pretty_is_for_people()
    {
        var client = await Server.As("gp");
        var (plain, json, xml) = (await client.Send("GET", "CarePlan/robin-plan"),
            await client.Send("GET", "CarePlan/robin-plan?_pretty=true"),
            await client.Send("GET", "CarePlan/robin-plan?_pretty=true&_format=xml"));
        Assert.StartsWith("{\n  \"resourceType\": \"CarePlan\",\n", json.Body, StringComparison.Ordinal);
        Assert.StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CarePlan xmlns=\"http://hl7.org/fhir\">\n  <id value=\"robin-plan\"/>\n", xml.Body, StringComparison.Ordinal);
        Assert.Equal(plain.Json.ToJsonString(), json.Json.ToJsonString());
        Assert.Equal(Narratives(plain.Body), AsJson(xml.Body));
    }

    [Fact]
    public async Task Head_says_what_get_says_but_for_the_body()
    {
        var client = await Server.As("gp");
        foreach (var url in new[] { "CarePlan/robin-plan", "CarePlan/robin-plan?_format=xml", "CarePlan?status=active", "metadata",
            "CarePlan/nothing", "Patient/robin/_history" })
        {
            var (get, head) = (await client.Send("GET", url), await client.Send("HEAD", url));
            Assert.Equal((get.Status, ""), (head.Status, head.Body));
            foreach (var header in new[] { "Content-Type", "Content-Length", "ETag", "Last-Modified", "Vary" })
                Assert.Equal(get.Header(header), head.Header(header));
        }
        Assert.Equal("GET, HEAD", (await client.Send("DELETE", "CarePlan/robin-plan/$explain")).Header("Allow"));
    }

    [Fact]
    public async Task Who_may_not_ask_is_told_so_in_either_format()
    {
        using var nobody = new HttpClient { BaseAddress = Server.Fhir };
        var answer = await nobody.Send("GET", "CarePlan/robin-plan", null, null, $"Accept: {Xml}");
        Assert.Equal((401, "OperationOutcome"), (answer.Status, XDocument.Parse(answer.Body).Root!.Name.LocalName));
        Assert.Equal(401, (await nobody.Send("GET", "CarePlan/robin-plan?_format=turtle")).Status);
    }
}
