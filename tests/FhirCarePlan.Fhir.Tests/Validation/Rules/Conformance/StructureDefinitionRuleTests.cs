namespace FhirCarePlan.Fhir.Tests.Validation.Rules.Conformance;

public class StructureDefinitionRuleTests
{
    [Theory]
    [InlineData("""{"id":"Patient.name","path":"Patient.name","min":1}""")]
    [InlineData("""{"id":"Patient.nickname","path":"Patient.nickname","min":1}""", "structure-definition StructureDefinition")]
    [InlineData("""{"id":"Patient.link.other","path":"Patient.link.other","min":0}""", "structure-definition StructureDefinition")] // R4 asks for one
    [InlineData("""{"id":"Patient.birthDate","path":"Patient.birthDate","max":"*"}""", "structure-definition StructureDefinition")]
    public void A_profile_allows_no_more_than_its_base(string element, params string[] errors) => Assert.Equal(errors, Errors(element));

    [Theory]
    [InlineData("name.exists()")]
    [InlineData("name.exists(", "fhirpath StructureDefinition.differential.element[0].constraint[0].expression")]
    public void Its_rules_can_be_read(string expression, params string[] errors) => Assert.Equal(errors, Errors(
        $$"""{"id":"Patient","path":"Patient","constraint":[{"key":"x-1","severity":"error","human":"x","expression":"{{expression}}"}]}"""));

    [Fact]
    public void A_base_that_is_not_known_is_warned_of() =>
        Assert.Contains("warning structure-definition StructureDefinition.baseDefinition",
        Check.Base(Definition("""{"id":"Patient","path":"Patient"}""")
            .Replace("http://hl7.org/fhir/StructureDefinition/Patient", "http://nowhere.example/x")).Lines());

    [Fact]
    public void A_search_parameter_can_be_read() => Assert.Equal(["fhirpath SearchParameter.expression"], Check.Base("""
        {"resourceType":"SearchParameter","url":"http://test.example/p","name":"x","status":"active","description":"x","code":"x","base":["Patient"],"type":"string","expression":"Patient.name.where("}
        """).Errors());

    private static string[] Errors(string element) => Check.Base(Definition(element)).Errors();

    private static string Definition(string element) => Check.Definition("x", "Patient", element);
}
