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

    [Fact]
    public void A_full_url_with_another_id_is_warned_of() => Assert.Contains("warning full-url Bundle.entry[0]", Check.Base(
        """{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://a.example/Patient/1","resource":{"resourceType":"Patient","id":"2"}}]}""").Lines());

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
