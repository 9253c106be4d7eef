namespace FhirCarePlan.Fhir.Tests.Validation.Rules.Conformance;

public class CodeSystemRuleTests
{
    private const string Known = "http://hl7.org/fhir/concept-properties#";

    [Theory]
    [InlineData("""{"code":"a","type":"string"}""", """{"code":"a","valueString":"x"}""", 0)]
    [InlineData("""{"code":"a","type":"decimal"}""", """{"code":"a","valueInteger":1}""", 1)]
    [InlineData("""{"code":"a","type":"string"},{"code":"a","type":"string"}""", """{"code":"a","valueString":"x"}""", 1)]
    [InlineData("""{"code":"inactive","uri":"KNOWNinactive","type":"boolean"}""", """{"code":"inactive","valueBoolean":true}""", 0)]
    [InlineData("""{"code":"inactive","uri":"KNOWNinactive","type":"code"}""", """{"code":"inactive","valueCode":"x"}""", 1)]
    [InlineData("""{"code":"parent","uri":"KNOWNchild","type":"code"}""", """{"code":"parent","valueCode":"x"}""", 1)]
    [InlineData("""{"code":"a","type":"string"}""", """{"code":"undeclared","valueString":"x"}""", 0)]
    public void Properties_are_declared_once_and_used_as_declared(string declared, string used, int errors) => Assert.Equal(errors, Check.Base($$"""
        {"resourceType":"CodeSystem","status":"active","content":"complete","property":[{{declared.Replace("KNOWN", Known)}}],"concept":[{"code":"x","property":[{{used}}]}]}
        """).Errors().Length);

    [Theory]
    [InlineData("\"content\":\"complete\",\"count\":2,\"concept\":[{\"code\":\"a\",\"concept\":[{\"code\":\"b\"}]}]", true)]
    [InlineData("\"content\":\"complete\",\"count\":1,\"concept\":[{\"code\":\"a\",\"concept\":[{\"code\":\"b\"}]}]", false)]
    [InlineData("\"content\":\"not-present\",\"concept\":[{\"code\":\"a\"}]", false)]
    [InlineData("\"content\":\"supplement\"", false)]
    [InlineData("\"content\":\"complete\",\"supplements\":\"http://a.example\"", false)]
    [InlineData("\"content\":\"supplement\",\"supplements\":\"http://a.example\"", true)]
    public void Content_is_what_it_says(string content, bool valid) =>
        Assert.Equal(valid, Check.Base($$"""{"resourceType":"CodeSystem","status":"active",{{content}}}""").Errors().Length == 0);
}
