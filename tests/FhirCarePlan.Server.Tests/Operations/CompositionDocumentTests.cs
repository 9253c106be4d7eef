using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Outside;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Operations;

/// <summary>A document holds what its reader sees. https://hl7.org/fhir/R4/composition-operation-document.html</summary>
public class CompositionDocumentTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private const string Letter = "Composition/robin-discharge-letter/$document";

    [Fact]
    public async Task Holds_the_composition_first_and_what_it_refers_to()
    {
        var trust = await samples.Process.As("care-coordinator");
        var answer = await trust.Get(Letter);
        Assert.True((int)answer.Status == 200, answer.Body);
        Assert.Equal("document", (string?)answer.Json["type"]);
        Assert.NotNull(answer.Json["timestamp"]);
        Assert.StartsWith("urn:uuid:", (string?)answer.Json["identifier"]!["value"], StringComparison.Ordinal);
        var urls = answer.Entries.Select(e => ((string)e["fullUrl"]!)[trust.BaseAddress!.ToString().Length..]).ToList();
        Assert.Equal("Composition/robin-discharge-letter", urls[0]);
        Assert.Contains("Patient/robin", urls);
        Assert.Equal(urls.Count, urls.Distinct().Count());
        // Equal content has one identifier.
        Assert.Equal((string?)answer.Json["identifier"]!["value"], (string?)(await trust.Get(Letter)).Json["identifier"]!["value"]);
    }

    [Theory]
    [InlineData("gp")]
    [InlineData("social-worker")]
    [InlineData("housing-officer")]
    [InlineData("person")]
    [InlineData("outsider")]
    public async Task Each_resource_is_the_reader_s_own_view(string persona)
    {
        var caller = await samples.Process.As(persona);
        var (read, document) = (await caller.Get("Composition/robin-discharge-letter"), await caller.Get(Letter));
        Assert.Equal(read.Status, document.Status);
        if ((int)read.Status != 200)
        {
            Assert.Equal((await caller.Get("Composition/never-was-one/$document")).Body, document.Body);
            return;
        }
        foreach (var entry in document.Entries)
            Assert.Equal((await caller.Get($"{entry["resource"]!["resourceType"]}/{entry["resource"]!["id"]}")).Body, entry["resource"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Theory]
    [InlineData("persist=true", 422)]
    [InlineData("persist=perhaps", 400)]
    [InlineData("persist=false", 200)]
    [InlineData("graph=x", 400)]
    public async Task Nothing_is_kept(string query, int status) => Assert.Equal(status, (int)(await (await samples.Process.As("care-coordinator")).Get($"{Letter}?{query}")).Status);

    [Theory]
    [InlineData("application/fhir+json", """{"resourceType":"Patient","active":true,"multipleBirthInteger":1}""", "xml", "<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/><multipleBirthInteger value=\"1\"/></Patient>")]
    [InlineData("application/fhir+xml", "<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"true\"/></Patient>", "json", """{"resourceType":"Patient","active":true}""")]
    [InlineData("application/fhir+json", """{"resourceType":"Parameters","parameter":[{"name":"input","resource":{"resourceType":"Goal","lifecycleStatus":"active"}}]}""", "json", """{"resourceType":"Goal","lifecycleStatus":"active"}""")]
    public async Task Converts_and_stores_nothing(string type, string body, string format, string expected)
    {
        var client = await samples.Process.As("outsider");
        var answer = await client.Send("POST", $"$convert?_format={format}", System.Text.Encoding.UTF8.GetBytes(body), type);
        Assert.Equal(200, answer.Status);
        Assert.EndsWith(expected, answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","nonsense":1}""", 422)]
    [InlineData("""{"resourceType":""", 400)]
    [InlineData("", 400)]
    public async Task What_is_no_resource_is_not_converted(string body, int status) =>
        Assert.Equal(status, (await (await samples.Process.As("gp")).Send("POST", "$convert", System.Text.Encoding.UTF8.GetBytes(body))).Status);
}
