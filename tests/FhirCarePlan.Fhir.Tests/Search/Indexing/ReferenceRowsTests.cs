namespace FhirCarePlan.Fhir.Tests.Search.Indexing;

public sealed class ReferenceRowsTests
{
    private static string Plan(string careTeam) => $$"""
        {"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"reference":"Patient/1"},"careTeam":[{{careTeam}}],
         "contained":[{"resourceType":"CareTeam","id":"t"}],
         "instantiatesCanonical":["http://a.example/PlanDefinition/x|1.0","PlanDefinition/y","https://trust.example/fhir/PlanDefinition/own"]}
        """;

    [Theory]
    [InlineData("""{"reference":"CareTeam/t"}""", "care-team=t", true)]
    [InlineData("""{"reference":"CareTeam/t"}""", "care-team=CareTeam/t", true)]
    [InlineData("""{"reference":"CareTeam/t"}""", "care-team:CareTeam=t", true)]
    [InlineData("""{"reference":"CareTeam/t"}""", "care-team:Patient=t", false)]
    [InlineData("""{"reference":"CareTeam/t"}""", "care-team=https://trust.example/fhir/CareTeam/t", true)]
    [InlineData("""{"reference":"CareTeam/t"}""", "care-team=https://other.example/fhir/CareTeam/t", false)]
    [InlineData("""{"reference":"CareTeam/t"}""", "care-team=T", false)]
    [InlineData("""{"reference":"CareTeam/t/_history/3"}""", "care-team=CareTeam/t", true)]
    [InlineData("""{"reference":"CareTeam/t"}""", "care-team=HTTPS://TRUST.example:443/fhir/CareTeam/%74/", true)]
    [InlineData("""{"reference":"CareTeam/t"}""", "care-team:CareTeam=https://trust.example/fhir/CareTeam/t/_history/2", true)]
    [InlineData("""{"reference":"https://other.example/fhir/CareTeam/t"}""", "care-team=t", false)]
    [InlineData("""{"reference":"https://other.example/fhir/CareTeam/t"}""", "care-team=https://other.example/fhir/CareTeam/t", true)]
    [InlineData("""{"reference":"#t"}""", "care-team=t", false)]
    [InlineData("""{"reference":"#t"}""", "care-team:missing=false", true)]
    [InlineData("""{"display":"Crisis team"}""", "care-team:missing=false", true)]
    [InlineData("""{"identifier":{"system":"urn:s","value":"V"}}""", "care-team:missing=false", true)]
    [InlineData("""{"identifier":{"system":"urn:s","value":"V"}}""", "care-team:identifier=urn:s%7Cv", true)]
    [InlineData("""{"identifier":{"system":"urn:s","value":"V"}}""", "care-team:identifier=v", true)]
    [InlineData("""{"identifier":{"system":"urn:s","value":"V"}}""", "care-team=v", false)]
    [InlineData("""{"reference":"CareTeam/t"}""", "care-team:identifier=t", false)]
    [InlineData("""{"reference":"CareTeam/t"}""", "encounter:missing=true", true)]
    [InlineData("""{"reference":"CareTeam/t"}""", "patient=1", true)]
    [InlineData("""{"reference":"CareTeam/t"}""", "instantiates-canonical=http://a.example/PlanDefinition/x", true)]
    [InlineData("""{"reference":"CareTeam/t"}""", "instantiates-canonical=http://a.example/PlanDefinition/x%7C1.0", true)]
    [InlineData("""{"reference":"CareTeam/t"}""", "instantiates-canonical=http://a.example/PlanDefinition/x%7C2.0", false)]
    [InlineData("""{"reference":"CareTeam/t"}""", "instantiates-canonical=PlanDefinition/y", true)]
    [InlineData("""{"reference":"CareTeam/t"}""", "instantiates-canonical=https://trust.example/fhir/PlanDefinition/own", true)] // kept as written
    public void Matches(string careTeam, string query, bool isFound) =>
        Assert.Equal(isFound, Given.Finds("CarePlan?" + query, Plan(careTeam)));

    [Fact]
    public void An_urn_is_kept_as_address()
    {
        var row = Assert.Single(Given.Rows(Plan("""{"reference":"urn:uuid:1"}"""), "care-team"));
        Assert.Equal(("", null, "urn:uuid:1"), (row.System, row.Value, row.Text));
    }

    [Fact]
    public void A_document_is_found_by_its_composition() => Assert.True(Given.Finds("Bundle?composition=Composition/c", """
        {"resourceType":"Bundle","type":"document","entry":[{"resource":{"resourceType":"Composition","id":"c"}},{"resource":{"resourceType":"Patient","id":"p"}}]}
        """));
}
