using FhirCarePlan.Fhir.Validation;

namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

/// <summary>Below our own address, and so near to it that ours was meant, nothing unknown is taken for somebody else's.</summary>
public class OwnNamespaceTests
{
    private static readonly ValidateOptions Own = ValidateOptions.Default with { OwnNamespace = "https://fhir.cpa.example/" };

    [Theory]
    [InlineData("https://fhir.cpa.example/StructureDefinition/CPA-CarePlann", "CPA-CarePlan`")]
    [InlineData("http://fhir.cpa.example/StructureDefinition/CPA-CarePlan", "https://fhir.cpa.example/StructureDefinition/CPA-CarePlan`")]
    [InlineData("https://fhir.cpa.exmaple/StructureDefinition/CPA-CarePlan", "did you mean")]
    [InlineData("https://fhir.cpa.example/StructureDefinition/Whatever", "is not defined here")]
    public void A_profile_there_must_be_known(string profile, string said)
    {
        var json = $$"""{"resourceType":"Basic","meta":{"profile":["{{profile}}"]},"code":{"text":"x"} }""";
        var issue = Assert.Single(Check.With(Check.CpaPackage, json, [], Own).Issues, i => i.IsError);
        Assert.Equal(("profile", "Basic.meta.profile[0]"), (issue.Key, issue.Expression));
        Assert.Contains(said, issue.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Check.With(Check.CpaPackage, json, []).Issues, i => i.IsError);
    }

    [Theory]
    [InlineData("https://fhir.cpa.example/StructureDefinition/Extension-CPA-CrisisPlann", "did you mean")]
    [InlineData("https://fhir.cpa.example/StructureDefinition/extension-cpa-crisisplan", "is not defined here")]
    [InlineData("http://fhir.cpa.example/StructureDefinition/Extension-CPA-CrisisPlan", "did you mean")]
    public void An_extension_there_must_be_known(string url, string said)
    {
        var issue = Assert.Single(Check.With(Check.CpaPackage, $$"""{"resourceType":"Basic","extension":[{"url":"{{url}}","valueString":"x"}],"code":{"text":"x"} }""", [], Own).Issues, i => i.IsError);
        Assert.Equal("extension-unknown", issue.Key);
        Assert.Contains(said, issue.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://fhir.cpa.example/CodeSystem/CPA-NeedDomains", "did you mean")]
    [InlineData("http://fhir.cpa.example/CodeSystem/CPA-NeedDomain", "did you mean")]
    public void A_code_system_there_must_be_known(string system, string said)
    {
        var issue = Assert.Single(Check.With(Check.CpaPackage, $$"""{"resourceType":"Basic","code":{"coding":[{"system":"{{system}}","code":"risk"}]} }""", [], Own).Issues, i => i.IsError);
        Assert.Equal("coding-system", issue.Key);
        Assert.Contains(said, issue.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://other.example/StructureDefinition/x")]
    [InlineData("https://fhir.cpa.example.org/StructureDefinition/x")]
    [InlineData("urn:uuid:0d9f9b1e-0000-4000-8000-000000000000")]
    public void Elsewhere_it_may_be_anybody_s(string profile) =>
        Assert.DoesNotContain(Check.With(Check.CpaPackage, $$"""{"resourceType":"Basic","meta":{"profile":["{{profile}}"]},"code":{"text":"x"} }""", [], Own).Issues, i => i.IsError);

    /// <summary>An extension of ours stands where it may stand, and nowhere else.</summary>
    [Fact]
    public void None_of_our_extensions_may_stand_on_another_type()
    {
        foreach (var file in Check.Cpa.All("StructureDefinition"))
            if (Check.Cpa.Profile(file.Url!) is { IsExtension: true } extension)
                foreach (var type in (string[])["Basic", "Condition", "Consent", "CarePlan", "CareTeam", "EpisodeOfCare", "Encounter", "Goal", "List", "RiskAssessment", "RelatedPerson"])
                {
                    if (extension.Contexts.Any(c => c.Expression == type)) continue;
                    var found = Check.With(Check.CpaPackage, $$"""{"resourceType":"{{type}}","extension":[{"url":"{{extension.Url}}"}]}""", [], Own);
                    Assert.True(found.Issues.Any(i => i is { Key: "extension-context", IsError: true }), $"{extension.Url} on {type}");
                }
    }
}
