namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class VitalSignsRuleTests
{
    private const string Complete = ""","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"subject":{"reference":"Patient/1"},"effectiveDateTime":"2024-01-01" """;

    [Theory]
    [InlineData("http://loinc.org", "8867-4", "/min")]
    [InlineData("http://loinc.org", "8867-4", "1/s", "fixed")]
    [InlineData("http://loinc.org", "29463-7", "kg")]
    [InlineData("http://loinc.org", "29463-7", "[stone_av]", "required-binding")]
    [InlineData("http://snomed.info/sct", "27113001", "kg", "slice-cardinality")] // the code of LOINC must be there too
    [InlineData("http://other.example", "8867-4", "1/s")]
    public void A_vital_sign_is_held_to_its_profile(string system, string code, string unit, params string[] keys) => Assert.Equal(keys,
        Check.Base($$$"""{"resourceType":"Observation","status":"final"{{{Complete}}},"code":{"coding":[{"system":"{{{system}}}","code":"{{{code}}}"}]},"valueQuantity":{"value":1,"unit":"x","system":"http://unitsofmeasure.org","code":"{{{unit}}}"}}""")
            .Errors().Select(e => e.Split(' ')[0]));

    [Fact]
    public void Whatever_it_claims() => Assert.Equal(["cardinality", "cardinality", "cardinality"],
        Check.Base("""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},"valueQuantity":{"value":1,"unit":"x","system":"http://unitsofmeasure.org","code":"/min"}}""")
            .Errors().Select(e => e.Split(' ')[0]));
}
