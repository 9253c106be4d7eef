namespace FhirCarePlan.Fhir.Tests.Search.Indexing;

public sealed class UriRowsTests
{
    [Theory]
    [InlineData("_profile=https://fhir.cpa.example/StructureDefinition/CPA-CarePlan", true)]
    [InlineData("_profile=https://fhir.cpa.example/StructureDefinition/CPA-CarePlan%7C1.0.0", true)]
    [InlineData("_profile=https://fhir.cpa.example/StructureDefinition/CPA-CarePlan%7C2.0.0", false)]
    [InlineData("_profile=https://fhir.cpa.example/StructureDefinition/CPA", false)]
    [InlineData("_source=urn:a,urn:b", true)]
    [InlineData("_source=URN:B", false)]
    [InlineData("instantiates-uri=http://a.example/x%5C,y", true)]
    [InlineData("instantiates-uri:missing=false", true)]
    public void Matches(string query, bool isFound) => Assert.Equal(isFound, Given.Finds("CarePlan?" + query, """
        {"resourceType":"CarePlan","meta":{"source":"urn:b","profile":["https://fhir.cpa.example/StructureDefinition/CPA-CarePlan|1.0.0"]},"instantiatesUri":["http://a.example/x,y"]}
        """));
}
