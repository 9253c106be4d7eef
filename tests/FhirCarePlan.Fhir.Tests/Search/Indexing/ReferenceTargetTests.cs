using FhirCarePlan.Fhir.Search.Indexing;

namespace FhirCarePlan.Fhir.Tests.Search.Indexing;

public sealed class ReferenceTargetTests
{
    [Theory]
    [InlineData("Patient/1", "Patient", "1")]
    [InlineData("Patient/1/_history/2", "Patient", "1")]
    [InlineData("https://trust.example/fhir/Patient/1", "Patient", "1")]
    [InlineData("https://trust.example/fhir/Patient/1/_history/2", "Patient", "1")]
    public void Is_here(string written, string type, string id) =>
        Assert.Equal(new ReferenceTarget(type, id, null), ReferenceTarget.Of(written, Given.BaseUrl));

    [Theory]
    [InlineData("https://other.example/fhir/Patient/1", "https://other.example/fhir/Patient/1")]
    [InlineData("https://other.example/fhir/Patient/1/_history/2", "https://other.example/fhir/Patient/1")]
    [InlineData("https://trust.example/fhirish/Patient/1", "https://trust.example/fhirish/Patient/1")]
    [InlineData("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7", "urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7")]
    [InlineData("#p", "#p")]
    [InlineData("Dragon/1", "Dragon/1")]
    [InlineData("Patient/", "Patient/")]
    [InlineData("Patient/a b", "Patient/a b")]
    [InlineData("Patient?identifier=1", "Patient?identifier=1")]
    public void Is_elsewhere(string written, string address) =>
        Assert.Equal(new ReferenceTarget("", null, address), ReferenceTarget.Of(written, Given.BaseUrl));

    [Theory]
    [InlineData("https://other.example/fhir/Patient/1", "Patient")]
    [InlineData("https://other.example/fhir/Patient/1/_history/2", "Patient")]
    [InlineData("https://other.example/fhir/Dragon/1", "")]
    [InlineData("urn:uuid:1", "")]
    [InlineData("Patient", "")]
    public void An_address_may_name_its_type(string address, string type) => Assert.Equal(type, ReferenceTarget.TypeOf(address));
}
