namespace FhirCarePlan.Fhir.Tests.Validation.Rules.Bundles;

public class SearchsetBundleTests
{
    private const string Outcome = """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid"}]}""";

    [Theory]
    [InlineData("match", """{"resourceType":"Patient","id":"1"}""")]
    [InlineData("match", """{"resourceType":"Group","id":"1","type":"person","actual":true}""", "searchset Bundle.entry[0].resource")]
    [InlineData("match", """{"resourceType":"Patient"}""", "searchset Bundle.entry[0].resource")]
    [InlineData("include", """{"resourceType":"Group","id":"1","type":"person","actual":true}""")]
    [InlineData("outcome", """{"resourceType":"Patient","id":"1"}""", "searchset Bundle.entry[0].resource")]
    [InlineData("outcome", Outcome)]
    public void Matches_are_what_was_asked_for(string mode, string resource, params string[] errors) => Assert.Equal(errors, Check.Base($$$"""
        {"resourceType":"Bundle","type":"searchset","link":[{"relation":"self","url":"http://a.example/fhir/Patient?name=x"}],"entry":[{"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","resource":{{{resource}}},"search":{"mode":"{{{mode}}}"}}]}
        """).Errors());

    [Fact]
    public void Several_types_may_be_asked_for() => Assert.Empty(Check.Base("""
        {"resourceType":"Bundle","type":"searchset","link":[{"relation":"self","url":"http://a.example/fhir?_type=Patient,Group"}],"entry":[{"fullUrl":"http://a.example/fhir/Patient/1","resource":{"resourceType":"Patient","id":"1"},"search":{"mode":"match"}}]}
        """).Errors());
}
