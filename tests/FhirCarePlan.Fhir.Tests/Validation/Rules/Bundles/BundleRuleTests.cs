namespace FhirCarePlan.Fhir.Tests.Validation.Rules.Bundles;

public class BundleRuleTests
{
    [Theory]
    [InlineData("""{"fullUrl":"urn:oid:1.2.3","resource":{"resourceType":"Patient"}},{"fullUrl":"urn:oid:1.2.3","resource":{"resourceType":"Patient"}}""", "bdl-7 Bundle")]
    [InlineData("""{"fullUrl":"urn:oid:1.2.3","resource":{"resourceType":"Patient","meta":{"versionId":"1"}}},{"fullUrl":"urn:oid:1.2.3","resource":{"resourceType":"Patient","meta":{"versionId":"2"}}}""")]
    [InlineData("""{"fullUrl":"http://a.example/Patient/1","resource":{"resourceType":"Patient"}}""", "full-url Bundle.entry[0]")]
    [InlineData("""{"fullUrl":"http://a.example/Patient/1","resource":{"resourceType":"Patient","id":"1"}}""")]
    [InlineData("""{"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","resource":{"resourceType":"Patient"}}""")]
    [InlineData("""{"fullUrl":"Patient/1","resource":{"resourceType":"Patient","id":"1"}}""", "full-url Bundle.entry[0]")]
    [InlineData("""{"resource":{"resourceType":"Patient","id":"1"}}""", "full-url Bundle.entry[0]")]
    [InlineData("""{"resource":{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid"}]}}""")]
    [InlineData("""{"link":[{"relation":"self","url":"http://a.example"}]}""", "bdl-5 Bundle.entry[0]")]
    public void Full_urls(string entries, params string[] errors) =>
        Assert.Equal(errors, Check.Base($$"""{"resourceType":"Bundle","type":"collection","entry":[{{entries}}]}""").Errors());

    [Theory]
    [InlineData("transaction")]
    [InlineData("batch")]
    public void A_request_needs_no_full_url(string type) => Assert.Empty(Check.Base(
        $$$"""{"resourceType":"Bundle","type":"{{{type}}}","entry":[{"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"}}]}""").Errors());

    [Theory]
    [InlineData("http://a.example/Patient/1", "2", "full-url Bundle.entry[0]")]
    [InlineData("http://a.example/Group/2", "2", "full-url Bundle.entry[0]")]
    [InlineData("http://a.example/Patient/12", "2", "full-url Bundle.entry[0]")]
    [InlineData("http://a.example/Patient/2", "2")]
    [InlineData("http://a.example/people/7", "2")]
    public void A_full_url_agrees_with_the_id(string fullUrl, string id, params string[] errors) => Assert.Equal(errors, Check.Base(
        $$$"""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"{{{fullUrl}}}","resource":{"resourceType":"Patient","id":"{{{id}}}"}}]}""").Errors());

    [Theory]
    [InlineData("message", "urn:uuid:c757873d-ec9a-4326-a141-556f43239521")]
    [InlineData("message", "urn:uuid:c757873d-ec9a-4326-a141-556f43239522", "bundle-reference Bundle.entry[1].resource.subject")]
    [InlineData("message", "Patient/elsewhere")]
    [InlineData("collection", "urn:uuid:c757873d-ec9a-4326-a141-556f43239522")]
    public void A_urn_names_an_entry_that_is_there(string type, string reference, params string[] errors) => Assert.Equal(errors, Check.Base($$$"""
        {"resourceType":"Bundle","type":"{{{type}}}","entry":[
        {"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239523","resource":{"resourceType":"MessageHeader","eventUri":"urn:x:y","source":{"endpoint":"http://a.example"} } },
        {"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","resource":{"resourceType":"Condition","id":"c","subject":{"reference":"{{{reference}}}"} } },
        {"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239521","resource":{"resourceType":"Patient","id":"p"} }]}
        """).Errors());

    /// <summary>A relative reference is meant through the entry's own address: another server's Patient/1 is another.</summary>
    [Theory]
    [InlineData("http://a.example")]
    [InlineData("http://b.example", "type-of-target")]
    public void A_relative_reference_leads_to_the_server_of_its_entry(string server, params string[] reached) => Assert.Equal(reached.Length == 0,
        Check.Profile("Bundle", """{"path":"Bundle.entry.resource","type":[{"code":"Resource"}]}""", $$$"""
        {"resourceType":"Bundle","type":"collection","entry":[
        {"fullUrl":"http://a.example/Condition/c","resource":{"resourceType":"Condition","id":"c","meta":{"profile":["http://test.example/StructureDefinition/of-active"]},"subject":{"reference":"Patient/1"} } },
        {"fullUrl":"{{{server}}}/Patient/1","resource":{"resourceType":"Patient","id":"1"} }]}
        """, Check.Definition("active", "Patient", """{"path":"Patient.active","min":1}"""),
        Check.Definition("of-active", "Condition", """{"path":"Condition.subject","type":[{"code":"Reference","targetProfile":["http://test.example/StructureDefinition/active"]}]}"""))
            .Errors().Contains("reference-profile Bundle.entry[0].resource.subject"));

    [Fact]
    public void A_large_bundle_takes_ten_times_what_a_tenth_takes()
    {
        // Steps, not time: every reference is looked up once in a table made once.
        var entries = string.Join(',', Enumerable.Range(0, 2000).Select(i =>
            $$$"""{"fullUrl":"http://a.example/Condition/{{{i}}}","resource":{"resourceType":"Condition","id":"{{{i}}}","subject":{"reference":"Patient/{{{i}}}"},"evidence":[{"detail":[{"reference":"Condition/{{{1999 - i}}}"}]}]}}"""));
        Assert.Empty(Check.Base($$"""{"resourceType":"Bundle","type":"collection","entry":[{{entries}}]}""",
            new() { Least = FhirCarePlan.Fhir.Model.IssueSeverity.Error }).Issues);
    }
}
