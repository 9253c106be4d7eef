namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

/// <summary>Fixed values and patterns.</summary>
public class SameValueTests
{
    [Theory]
    [InlineData("order", "fixed ServiceRequest.intent")]
    [InlineData("plan")]
    public void A_fixed_code(string intent, params string[] errors) => Assert.Equal(errors, Check.Profile("ServiceRequest",
        """{"path":"ServiceRequest.intent","fixedCode":"plan"}""",
        $$$"""{"resourceType":"ServiceRequest","status":"active","intent":"{{{intent}}}","subject":{"display":"x"}}""").Errors());

    [Theory]
    [InlineData("""{"coding":[{"system":"s:a","code":"1"}]}""")]
    [InlineData("""{"coding":[{"code":"1","system":"s:a"}]}""")]
    [InlineData("""{"coding":[{"system":"s:a","code":"1"}],"text":"more"}""", "fixed Condition.code")]
    [InlineData("""{"coding":[{"system":"s:a","code":"1","display":"more"}]}""", "fixed Condition.code")]
    [InlineData("""{"text":"other"}""", "fixed Condition.code")]
    public void A_fixed_structure_is_equal_in_all_parts(string code, params string[] errors) =>
        Assert.Equal(errors,
            Condition("""{"path":"Condition.code","fixedCodeableConcept":{"coding":[{"system":"s:a","code":"1"}]}}""", code));

    [Theory]
    [InlineData("""{"coding":[{"system":"s:a","code":"1","display":"more"}],"text":"more"}""")]
    [InlineData("""{"coding":[{"system":"s:b","code":"2"},{"system":"s:a","code":"1"}]}""")]
    [InlineData("""{"coding":[{"system":"s:a","code":"2"},{"system":"s:b","code":"1"}]}""", "pattern Condition.code")]
    [InlineData("""{"text":"words"}""", "pattern Condition.code")]
    public void A_pattern_is_held_by_some_item(string code, params string[] errors) =>
        Assert.Equal(errors,
            Condition("""{"path":"Condition.code","patternCodeableConcept":{"coding":[{"system":"s:a","code":"1"}]}}""", code));

    [Fact]
    public void Escapes_and_written_precision_make_no_difference()
    {
        Assert.Empty(Condition("""{"path":"Condition.code","patternCodeableConcept":{"text":"caf\u00e9"}}""", """{"text":"café"}"""));
        Assert.Empty(Check.Profile("Observation", """{"path":"Observation.valueQuantity","patternQuantity":{"value":1.0}}""",
            """{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1}}""").Errors());
    }

    [Fact]
    public void Words_found_that_may_be_about_a_person_are_not_repeated()
    {
        var report = Check.Profile("Patient", """{"path":"Patient.name.family","fixedString":"X"}""",
            """{"resourceType":"Patient","name":[{"family":"Ashgrove"}]}""");
        Assert.DoesNotContain("Ashgrove", report.Issues.Single(i => i.Key == "fixed").Text);
    }

    private static string[] Condition(string element, string code) => Check.Profile("Condition", element,
        $$"""{"resourceType":"Condition","subject":{"display":"x"},"code":{{code}}}""").Errors();
}
