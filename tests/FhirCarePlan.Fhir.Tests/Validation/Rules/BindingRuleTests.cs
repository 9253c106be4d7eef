namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class BindingRuleTests
{
    private const string Local = """
        {"resourceType":"ValueSet","url":"http://test.example/vs","status":"active","compose":{"include":[{"system":"http://test.example/cs","concept":[{"code":"a"},{"code":"b"}]}]}}
        """;
    private const string Open = """
        {"resourceType":"ValueSet","url":"http://test.example/vs","status":"active","compose":{"include":[{"system":"http://snomed.info/sct","filter":[{"property":"concept","op":"is-a","value":"1"}]}]}}
        """;

    [Theory]
    [InlineData("""{"resourceType":"Patient","gender":"male"}""")]
    [InlineData("""{"resourceType":"Patient","gender":"m"}""", "error required-binding Patient.gender")]
    [InlineData("""{"resourceType":"Patient","contact":[{"relationship":[{"text":"aunt"}],"name":{"text":"x"}}]}""")]
    [InlineData("""{"resourceType":"Patient","contact":[{"relationship":[{"coding":[{"system":"http://a.example","code":"x"}]}],"name":{"text":"x"}}]}""", "warning extensible-binding Patient.contact[0].relationship[0]")]
    [InlineData("""{"resourceType":"Patient","maritalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M"}]}}""")]
    public void Base(string json, params string[] lines) => Assert.Equal(lines, Check.Base(json).Lines());

    [Theory]
    [InlineData("""{"coding":[{"system":"http://test.example/cs","code":"a"}]}""")]
    [InlineData("""{"coding":[{"system":"http://other.example","code":"x"},{"system":"http://test.example/cs","code":"b"}]}""")]
    [InlineData("""{"coding":[{"system":"http://test.example/cs","code":"c"}]}""", "error required-binding Condition.code")]
    [InlineData("""{"coding":[{"code":"a"}]}""", "error required-binding Condition.code")]
    [InlineData("""{"text":"words"}""", "error required-binding Condition.code")]
    public void A_concept_needs_one_coding_out_of_a_required_set(string code, params string[] lines) =>
        Assert.Equal(lines, Bound("required", code, Local));

    [Theory]
    [InlineData("required", "warning unchecked-binding Condition.code")]
    [InlineData("extensible", "information unchecked-binding Condition.code")]
    [InlineData("preferred")]
    public void What_cannot_be_decided_is_neither_valid_nor_invalid(string strength, params string[] lines) =>
        Assert.Equal(lines, Bound(strength, """{"coding":[{"system":"http://snomed.info/sct","code":"1"}]}""", Open));

    [Fact]
    public void Outside_of_an_undecided_set_is_still_outside() =>
        Assert.Equal(["error required-binding Condition.code"],
            Bound("required", """{"coding":[{"system":"http://other.example","code":"1"}]}""", Open));

    [Fact]
    public void Names_some_of_the_codes_allowed() => Assert.Contains("(`a`, `b`)", Check.Profile("Condition",
        """{"path":"Condition.code","binding":{"strength":"required","valueSet":"http://test.example/vs|1.0"}}""",
        """{"resourceType":"Condition","subject":{"display":"x"},"code":{"coding":[{"system":"http://test.example/cs","code":"c"}]}}""",
            Local).Issues.Single(i => i.IsError).Text);

    private static string[] Bound(string strength, string code, string valueSet) => Check.Profile("Condition",
        $$$"""{"path":"Condition.code","binding":{"strength":"{{{strength}}}","valueSet":"http://test.example/vs"}}""",
        $$"""{"resourceType":"Condition","subject":{"display":"x"},"code":{{code}}}""", valueSet).Lines();
}
