using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class VitalSignsRuleTests
{
    private static readonly string Profile = Check.Definition("heartrate", "Observation", """{"path":"Observation.subject","min":1}""")
        .Replace("http://test.example/StructureDefinition/heartrate", "http://hl7.org/fhir/StructureDefinition/heartrate");

    [Theory]
    [InlineData("http://loinc.org", "8867-4", "cardinality Observation")]
    [InlineData("http://snomed.info/sct", "364075005", "cardinality Observation")]
    [InlineData("http://other.example", "8867-4")]
    [InlineData("http://loinc.org", "8310-5")] // its profile is not loaded
    public void A_vital_sign_is_held_to_its_profile(string system, string code, params string[] errors)
    {
        var json =
            $$$"""{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"{{{system}}}","code":"{{{code}}}"}]}}""";
        Assert.Equal(errors, Check.With(new Validator(Check.Definitions(Profile), Check.Clock), json, []).Errors());
        Assert.Empty(Check.Base(json).Errors());
    }
}
