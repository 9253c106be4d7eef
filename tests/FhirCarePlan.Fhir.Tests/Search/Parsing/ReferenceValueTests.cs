using FhirCarePlan.Fhir.Search.Parsing;

namespace FhirCarePlan.Fhir.Tests.Search.Parsing;

public sealed class ReferenceValueTests
{
    [Theory]
    [InlineData("p1", null, null, "p1", null)]
    [InlineData("p1", "Patient", "Patient", "p1", null)]
    [InlineData("Patient/p1", null, "Patient", "p1", null)]
    [InlineData("Patient/p1", "Patient", "Patient", "p1", null)]
    [InlineData("Patient/p1/_history/3", null, "Patient", "p1", null)]
    [InlineData("https://trust.example/fhir/Patient/p1", null, "Patient", "p1", null)]
    [InlineData("https://other.example/fhir/Patient/p1", null, null, null, "https://other.example/fhir/Patient/p1")]
    [InlineData("https://other.example/fhir/Patient/p1/_history/3", null, null, null, "https://other.example/fhir/Patient/p1")]
    [InlineData("urn:uuid:1", null, null, null, "urn:uuid:1")]
    [InlineData(@"http://a.example/x\|1", null, null, null, "http://a.example/x|1")]
    public void Reads(string text, string? modifier, string? type, string? id, string? address)
    {
        var value = ReferenceValue.Read(text, modifier, Given.Own)!;
        Assert.Equal((type, id, address), (value.System, value.Value, value.Text));
    }

    [Theory]
    [InlineData("Group/1", "Patient")]
    [InlineData("Dragon/1", null)]
    [InlineData("#p", null)]
    [InlineData("#urn:p", null)]
    [InlineData("a b", null)]
    [InlineData("", null)]
    public void Refuses(string text, string? modifier) => Assert.Null(ReferenceValue.Read(text, modifier, Given.Own));
}
