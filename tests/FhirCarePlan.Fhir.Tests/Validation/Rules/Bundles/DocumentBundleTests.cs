namespace FhirCarePlan.Fhir.Tests.Validation.Rules.Bundles;

public class DocumentBundleTests
{
    private const string Patient = """{"fullUrl":"http://a.example/Patient/1","resource":{"resourceType":"Patient","id":"1"}}""";

    [Theory]
    [InlineData("Patient/1", true)]
    [InlineData("http://a.example/Patient/1", true)]
    [InlineData("Patient/2", false)]
    [InlineData("http://b.example/Patient/1", false)]
    public void What_a_document_speaks_of_travels_with_it(string subject, bool found)
    {
        var composition = $$$"""
            {"resourceType":"Composition","id":"c","status":"final","type":{"text":"x"},"date":"2024-01-01","title":"x","author":[{"display":"x"}],"section":[{"title":"x","entry":[{"reference":"{{{subject}}}"}]}]}
            """;
        var errors = Check.Base($$$"""
            {"resourceType":"Bundle","type":"document","identifier":{"system":"urn:x:y","value":"1"},"timestamp":"2024-01-01T00:00:00Z","entry":[{"fullUrl":"http://a.example/Composition/c","resource":{{{composition}}}},{{{Patient}}}]}
            """).Errors();
        Assert.Equal(found ? [] : ["bundle-reference Bundle.entry[0].resource.section[0].entry[0]"], errors);
    }

    [Fact]
    public void The_focus_of_a_message_travels_with_it() => Assert.Equal(["bundle-reference Bundle.entry[0].resource.focus[0]"], Check.Base($$$"""
        {"resourceType":"Bundle","type":"message","entry":[{"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","resource":{"resourceType":"MessageHeader","eventUri":"urn:x:y","source":{"endpoint":"http://a.example"},"focus":[{"reference":"Patient/2"}]}},{{{Patient}}}]}
        """).Errors());

    [Theory]
    [InlineData("document")]
    [InlineData("message")]
    public void An_empty_one_lacks_its_header(string type) =>
        Assert.Contains("bundle-first Bundle", Check.Base($$"""{"resourceType":"Bundle","type":"{{type}}"}""").Errors());
}
