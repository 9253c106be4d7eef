namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class TypeRuleTests
{
    [Theory]
    [InlineData("string", "\"valueString\":\"a\"")]
    [InlineData("string", "\"valueMarkdown\":\"a\"", "choice Patient.extension[0].value")]
    [InlineData("Quantity", "\"valueAge\":{\"value\":1}", "choice Patient.extension[0].value")]
    [InlineData("Quantity", "\"valueQuantity\":{\"value\":1}")]
    public void Of_a_choice_the_very_type_counts(string type, string value, params string[] errors) =>
        Assert.Equal(errors, Check.Profile("Patient",
        $$"""{"path":"Patient.extension.value[x]","type":[{"code":"{{type}}"}]}""",
        $$$"""{"resourceType":"Patient","extension":[{"url":"http://a.example",{{{value}}}}]}""").Errors()
            .Where(e => !e.StartsWith("age-1")));

    [Theory]
    [InlineData("Patient")]
    [InlineData("DomainResource")]
    [InlineData("Organization", "type Bundle.entry[0].resource")]
    public void Of_a_resource_what_it_derives_from_counts_too(string type, params string[] errors) =>
        Assert.Equal(errors, Check.Profile("Bundle",
        $$"""{"path":"Bundle.entry.resource","type":[{"code":"{{type}}"}]}""",
        """{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:c757873d-ec9a-4326-a141-556f43239520","resource":{"resourceType":"Patient"}}]}""").Errors());
}
