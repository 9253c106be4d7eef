namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class ValueLimitsTests
{
    [Theory]
    [InlineData("""{"path":"Patient.name.family","maxLength":3}""", "abc")]
    [InlineData("""{"path":"Patient.name.family","maxLength":3}""", "äöü")]
    [InlineData("""{"path":"Patient.name.family","maxLength":3}""", "abcd", "max-length Patient.name[0].family")]
    [InlineData("""{"path":"Patient.name.family","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/minLength","valueInteger":3}]}""", "ab", "min-length Patient.name[0].family")]
    public void Length(string element, string family, params string[] errors) =>
        Assert.Equal(errors, Check.Profile("Patient", element, $$"""{"resourceType":"Patient","name":[{"family":"{{family}}"}]}""")
            .Errors());

    [Theory]
    [InlineData("""{"path":"Observation.valueInteger","minValueInteger":5}""", "\"valueInteger\":4", "min-value Observation.value")]
    [InlineData("""{"path":"Observation.valueInteger","maxValueInteger":5}""", "\"valueInteger\":5")]
    [InlineData("""{"path":"Observation.valueDateTime","maxValueDateTime":"2024-01-31"}""", "\"valueDateTime\":\"2024-02-01\"",
        "max-value Observation.value")]
    [InlineData("""{"path":"Observation.valueDateTime","maxValueDateTime":"2024-01-31"}""", "\"valueDateTime\":\"2024-01\"")]
    [InlineData("""{"path":"Observation.valueDateTime","maxValueDateTime":"2024-01-31T12:00:00Z"}""",
        "\"valueDateTime\":\"2024-01-31T12:30:00+01:00\"")]
    [InlineData("""{"path":"Observation.valueQuantity","maxValueQuantity":{"value":10,"system":"http://unitsofmeasure.org","code":"kg"}}""",
        "\"valueQuantity\":{\"value\":11,\"system\":\"http://unitsofmeasure.org\",\"code\":\"kg\"}", "max-value Observation.value")]
    [InlineData("""{"path":"Observation.valueQuantity","maxValueQuantity":{"value":10,"system":"http://unitsofmeasure.org","code":"kg"}}""",
        "\"valueQuantity\":{\"value\":11,\"system\":\"http://unitsofmeasure.org\",\"code\":\"g\"}")]
    public void Range(string element, string value, params string[] errors) => Assert.Equal(errors, Check.Profile("Observation", element,
        $$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},{{{value}}}}""").Errors());

    [Fact]
    public void A_value_that_must_be_there_is_not_replaced_by_a_reason() =>
        Assert.Equal(["value-required Patient.active"], Check.Profile("Patient",
        """{"path":"Patient.active","extension":[{"url":"http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.mustHaveValue","valueBoolean":true}]}""",
        """{"resourceType":"Patient","_active":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}}""").Errors());
}
