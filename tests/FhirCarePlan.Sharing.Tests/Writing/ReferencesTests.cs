using System.Text.Json;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>Only the literal address of a resource kept here is read; everything else names nobody.</summary>
public class ReferencesTests
{
    [Theory]
    [InlineData("Patient/robin", "Patient", "robin")]
    [InlineData("Patient/robin/_history/1", "Patient", "robin")]
    [InlineData("Patient/robin/_history/", "Patient", "robin")]
    [InlineData("Patient/robin/_history", null, null)]
    [InlineData("Patient/robin/_history/1/2", null, null)]
    [InlineData("Patient/robin/other/1", null, null)]
    [InlineData("Patient/robin/", null, null)]
    [InlineData("Patient//_history/1", null, null)]
    [InlineData("Patient/", null, null)]
    [InlineData("Patient", null, null)]
    [InlineData("/robin", null, null)]
    [InlineData("patient/robin", null, null)]
    [InlineData("https://other.example/fhir/Patient/robin", null, null)]
    [InlineData("urn:uuid:3f0b9cbe-9b0e-4f3c-8f43-3b0f5b0c6a11", null, null)]
    [InlineData("#robin", null, null)]
    public void Reads_local_addresses(string text, string? type, string? id)
    {
        using var document = JsonParser.Parse(JsonSerializer.SerializeToUtf8Bytes(new { resourceType = "Basic", code = new { text = "x" }, subject = new { reference = text } }), new Report())!;
        var reference = document.Root["subject"];
        Assert.Equal(type is null ? null : (type, id!), References.Local(reference));
        Assert.Equal(type is null ? null : $"{type}/{id}", References.LocalText(reference));
    }
}
