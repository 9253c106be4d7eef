using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Fhir.Tests.Validation;

public class ProfileChoiceTests
{
    [Theory]
    [InlineData("CarePlan", "http://snomed.info/sct", "736253002", "CPA-CrisisPlan")]
    [InlineData("CarePlan", "http://snomed.info/sct", "1092421000000100", "CPA-CarePlan")]
    [InlineData("CarePlan", "http://snomed.info/sct", "734163000", "CPA-AgencyPlan")]
    [InlineData("CarePlan", "http://elsewhere.example", "736253002", "CPA-AgencyPlan")]
    [InlineData("CareTeam", "s:a", "x", "CPA-CareTeam")]
    [InlineData("Condition", "https://fhir.cpa.example/CodeSystem/CPA-ConditionCategory", "need", "CPA-Need")]
    [InlineData("Condition", "s:a", "x", "CPA-Condition")]
    [InlineData("Consent", "https://fhir.cpa.example/CodeSystem/CPA-ConsentCategory", "multi-agency-sharing", "CPA-Consent")]
    [InlineData("Consent", "s:a", "x", null)]
    [InlineData("Task", null, null, null)]
    public void Type_and_category_say_which(string type, string? system, string? code, string? profile)
    {
        var category = code == null ? "" : $$""","category":[{"coding":[{"system":"s:other","code":"1"}]},{"coding":[{"system":"{{system}}","code":"{{code}}"}]}]""";
        using var document = JsonParser.Parse(Encoding.UTF8.GetBytes($$"""{"resourceType":"{{type}}"{{category}}}"""), new Report())!;
        Assert.Equal(profile == null ? [] : [$"https://fhir.cpa.example/StructureDefinition/{profile}"], new ProfileChoice().For(document));
    }
}
