using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Tests.Definitions;

public class SearchParameterFactTests
{
    [Theory]
    [InlineData("CarePlan", "category", "token", "CarePlan.category")]
    [InlineData("CarePlan", "activity-date", "date", "CarePlan.activity.detail.scheduled")]
    [InlineData("Resource", "_id", "token", "Resource.id")]
    [InlineData("Resource", "_lastUpdated", "date", "Resource.meta.lastUpdated")]
    [InlineData("DomainResource", "_text", "string", "")]
    [InlineData("Resource", "_filter", "special", "")]
    public void Knows_the_published_parameters(string type, string code, string kind, string expression)
    {
        var parameter = Find(type, code);
        Assert.Equal((kind, expression), (parameter.Type, parameter.Expression));
    }

    [Fact]
    public void A_common_parameter_says_all_its_bases_and_targets()
    {
        var patient = Find("CarePlan", "patient");
        Assert.Equal("http://hl7.org/fhir/SearchParameter/clinical-patient", patient.Url);
        Assert.Contains("Condition", patient.Bases);
        Assert.Equal(["Patient", "Group"], patient.Targets);
    }

    [Fact]
    public void A_composite_has_components_that_exist()
    {
        var composite = Find("Observation", "code-value-quantity");
        Assert.Equal(
            [("http://hl7.org/fhir/SearchParameter/clinical-code", "code"),
                ("http://hl7.org/fhir/SearchParameter/Observation-value-quantity", "value.as(Quantity)")],
            composite.Components.Select(c => (c.Definition, c.Expression)));
        var urls = R4.SearchParameters.Select(p => p.Url).ToHashSet();
        foreach (var parameter in R4.SearchParameters)
        {
            Assert.Equal(parameter.Type == "composite", parameter.Components.Count > 0);
            Assert.All(parameter.Components, c => Assert.Contains(c.Definition, urls));
        }
    }

    [Fact]
    public void A_type_has_a_code_once()
    {
        var all = R4.SearchParameters.SelectMany(p => p.Bases, (p, type) => (type, p.Code)).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.InRange(R4.SearchParameters.Count, 1370, 1380);
    }

    [Theory]
    [InlineData("Condition", "subject", "Condition-subject")] // not `example-reference`, which has the same base and code
    [InlineData("Patient", "part-agree", null)] // an example
    public void Examples_are_left_out(string type, string code, string? id) =>
        Assert.Equal(id, R4.SearchParameters.SingleOrDefault(p => p.Code == code && p.Bases.Contains(type))?.Url.Split('/')[^1]);

    private static SearchParameterFact Find(string type, string code) =>
        R4.SearchParameters.Single(p => p.Code == code && p.Bases.Contains(type));
}
