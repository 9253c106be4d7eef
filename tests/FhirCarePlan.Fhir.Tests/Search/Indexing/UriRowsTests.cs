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

    /// <summary>https://hl7.org/fhir/R4/references.html#canonical</summary>
    [Theory]
    [InlineData("Questionnaire", "url=http://u.test/q", true)]
    [InlineData("Questionnaire", "url=http://u.test/q%7C1.2", true)]
    [InlineData("Questionnaire", "url=http://u.test/q%7C1.3", false)]
    [InlineData("Questionnaire", "url=http://u.test/q%7C1", false)]
    [InlineData("Questionnaire", "url=http://u.test/q%7C1.3,http://u.test/q%7C1.2", true)]
    [InlineData("Questionnaire", "url=http://u.test/other%7C1.2", false)]
    [InlineData("CodeSystem", "system=http://u.test/q%7C1.2", true)]
    [InlineData("ValueSet", "url=http://u.test/q%7C1.2", true)]
    public void A_definition_is_found_by_its_canonical_with_and_without_version(string type, string query, bool isFound) =>
        Assert.Equal(isFound, Given.Finds($"{type}?{query}", $$"""{"resourceType":"{{type}}","url":"http://u.test/q","version":"1.2","status":"draft"}"""));

    [Fact]
    public void What_is_found_by_two_nodes_carries_the_labels_of_both()
    {
        using var document = Given.Document("""{"resourceType":"Questionnaire","url":"http://u.test/q","version":"1.2","status":"draft"}""");
        var labels = new long[document.Count];
        labels[document.Root["url"].Index] = 1;
        labels[document.Root["version"].Index] = 2;
        var rows = Given.Extractor.Extract(document).FindAll(r => r.Parameter.Code == "url");
        Assert.Equal(["http://u.test/q 1", "http://u.test/q|1.2 3"],
            rows.Select(r => $"{r.Value} {FhirCarePlan.Fhir.Search.IndexExtractor.LabelOf(document, r, labels)}").Order());
    }
}
