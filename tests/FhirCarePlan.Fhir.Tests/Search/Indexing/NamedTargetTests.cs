using FhirCarePlan.Fhir.Search.Indexing;

namespace FhirCarePlan.Fhir.Tests.Search.Indexing;

public sealed class NamedTargetTests
{
    [Theory]
    [InlineData("""{"reference":"Patient/1"}""", true)]
    [InlineData("""{"reference":"Group/1"}""", false)]
    [InlineData("""{"reference":"https://other.example/fhir/Patient/1"}""", true)]
    [InlineData("""{"reference":"https://other.example/fhir/Group/1"}""", false)]
    [InlineData("""{"reference":"#p"}""", true)]
    [InlineData("""{"reference":"#g"}""", false)]
    [InlineData("""{"reference":"#none"}""", false)]
    [InlineData("""{"reference":"#"}""", false)] // the plan itself
    [InlineData("""{"reference":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7","type":"Patient"}""", true)]
    [InlineData("""{"reference":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"}""", false)]
    [InlineData("""{"type":"Patient","identifier":{"value":"1"}}""", true)]
    [InlineData("""{"reference":"Group/1","type":"Patient"}""", false)]
    [InlineData("""{"display":"someone"}""", false)]
    public void Asks_the_type_without_fetching(string subject, bool isPatient)
    {
        using var document = Given.Document($$"""
            {"resourceType":"CarePlan","contained":[{"resourceType":"Group","id":"g"},{"resourceType":"Patient","id":"p"}],"subject":{{subject}}}
            """);
        Assert.Equal(isPatient, NamedTarget.Is(document.Root["subject"], "Patient"));
    }

    [Fact]
    public void A_mere_fragment_is_the_resource_itself()
    {
        using var document = Given.Document("""{"resourceType":"CarePlan","subject":{"reference":"#"}}""");
        Assert.True(NamedTarget.Is(document.Root["subject"], "CarePlan"));
    }

    [Theory]
    [InlineData("Patient/1", "Patient")]
    [InlineData("https://other.example/fhir/Group/1", "Group")]
    public void The_engine_gets_an_empty_resource_of_the_type(string address, string type) =>
        Assert.Equal(type, NamedTarget.Stub(address).Type.Name);

    [Theory]
    [InlineData("urn:uuid:1")]
    [InlineData("#p")]
    [InlineData("")]
    public void The_engine_gets_nothing_for_an_address_without_type(string address) => Assert.True(NamedTarget.Stub(address).IsMissing);
}
