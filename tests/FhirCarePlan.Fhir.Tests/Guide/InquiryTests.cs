using System.Text.Json;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Tests.Validation;
using FhirCarePlan.Fhir.Validation;
using FhirCarePlan.Fhir.Validation.Choosing;

namespace FhirCarePlan.Fhir.Tests.Guide;

/// <summary>A person who was discharged with nothing had valid records: only a rule across them can tell.</summary>
public class InquiryTests
{
    [Theory]
    [InlineData("before")]
    [InlineData("before-mended")]
    [InlineData("discharge")]
    public void Each_record_is_valid_for_itself(string name)
    {
        var json = File.ReadAllText(Path.Combine(SharedData.Repository, "samples", "inquiry", $"{name}.json"));
        Assert.Empty(Check.Base(json).Errors());
        var choice = new ProfileChoice(Check.Table);
        foreach (var entry in JsonDocument.Parse(json).RootElement.GetProperty("entry").EnumerateArray())
        {
            var report = new Report();
            using var document = JsonParser.Parse(JsonSerializer.SerializeToUtf8Bytes(entry.GetProperty("resource")), report)!;
            Check.CpaPackage.Validate(document, choice.For(document.Root).Profiles, report);
            Assert.Empty(report.Errors());
        }
    }
}
