using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class CodingRuleTests
{
    private const string At = "Basic.code.coding[0]";
    private const string Own =
        """{"resourceType":"CodeSystem","url":"http://test.example/CodeSystem/own","status":"active","content":"complete","concept":[{"code":"a"}]}""";
    private const string Fragment =
        """{"resourceType":"CodeSystem","url":"http://test.example/CodeSystem/fragment","status":"active","content":"fragment","concept":[{"code":"a"}]}""";
    private const string Supplement =
        """{"resourceType":"CodeSystem","url":"http://test.example/CodeSystem/more","status":"active","content":"supplement","supplements":"http://test.example/CodeSystem/own"}""";

    [Theory]
    [InlineData("http://hl7.org/fhir/administrative-gender", "male")]
    [InlineData("http://hl7.org/fhir/administrative-gender", "m", "error code-unknown " + At + ".code")]
    [InlineData("http://terminology.hl7.org/CodeSystem/v3-ActCode", "of a later version", "warning code-unknown " + At + ".code")]
    [InlineData("http://test.example/CodeSystem/own", "a")]
    [InlineData("http://test.example/CodeSystem/own", "b", "error code-unknown " + At + ".code")]
    [InlineData("http://test.example/CodeSystem/fragment", "b")]
    [InlineData("http://test.example/CodeSystem/more", "a", "error coding-system " + At + ".system")]
    [InlineData("http://hl7.org/fhir/ValueSet/administrative-gender", "male", "error coding-system " + At + ".system")]
    [InlineData("local", "male", "error coding-system " + At + ".system")]
    [InlineData("http://snomed.info/sct", "anything")]
    [InlineData("http://nowhere.example/ValueSet/x", "anything")]
    public void A_code_is_one_of_its_systems(string system, string code, params string[] lines) =>
        Assert.Equal(lines, Check.With(new Validator(Check.Definitions(Own, Fragment, Supplement), Check.Clock),
            $$$"""{"resourceType":"Basic","code":{"coding":[{"system":"{{{system}}}","code":"{{{code}}}"}]}}""", []).Lines());
}
