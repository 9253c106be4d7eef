namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class IdentifierRuleTests
{
    [Theory]
    [InlineData("nhs", "identifier-system Patient.identifier[0].system")]
    [InlineData("https://fhir.nhs.uk/Id/nhs-number")]
    [InlineData("urn:oid:1.2.3")]
    public void Its_system_is_absolute(string system, params string[] errors) =>
        Assert.Equal(errors, Check.Base($$"""{"resourceType":"Patient","identifier":[{"system":"{{system}}","value":"1"}]}""").Errors());
}
