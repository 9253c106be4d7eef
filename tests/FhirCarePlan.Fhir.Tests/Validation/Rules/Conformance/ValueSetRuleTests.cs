using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Fhir.Tests.Validation.Rules.Conformance;

public class ValueSetRuleTests
{
    private const string Own = """
        {"resourceType":"CodeSystem","url":"http://test.example/own","status":"active","content":"complete","property":[{"code":"link","type":"Coding"},{"code":"old","type":"boolean"}],"concept":[{"code":"a"}]}
        """;

    [Theory]
    [InlineData("""{"system":"http://test.example/own","concept":[{"code":"a"}]}""", true)]
    [InlineData("""{"system":"http://test.example/own","concept":[{"code":"b"}]}""", false)]
    [InlineData("""{"system":"http://hl7.org/fhir/administrative-gender","concept":[{"code":"m"}]}""", false)]
    [InlineData("""{"system":"http://snomed.info/sct","concept":[{"code":"b"}]}""", true)]
    [InlineData("""{"system":"#own"}""", false)]
    [InlineData("""{"system":"http://test.example/own|1.0"}""", true)]
    [InlineData("""{"system":"http://hl7.org/fhir/ValueSet/administrative-gender"}""", false)]
    [InlineData("""{"system":"http://test.example/own","filter":[{"property":"link","op":"=","value":"http://test.example/own#a"}]}""",
        true)]
    [InlineData("""{"system":"http://test.example/own","filter":[{"property":"link","op":"=","value":"a"}]}""", false)]
    [InlineData("""{"system":"http://test.example/own","filter":[{"property":"old","op":"=","value":"yes"}]}""", false)]
    [InlineData("""{"system":"http://test.example/own","filter":[{"property":"old","op":"exists","value":"true"}]}""", true)]
    [InlineData("""{"system":"http://test.example/own","filter":[{"property":"code","op":"regex","value":"a("}]}""", false)]
    public void What_is_included_can_be_included(string include, bool valid) =>
        Assert.Equal(valid, Check.With(new Validator(Check.Definitions(Own), Check.Clock),
        $$$"""{"resourceType":"ValueSet","status":"active","compose":{"include":[{{{include}}}]}}""", []).Errors().Length == 0);
}
