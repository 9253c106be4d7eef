using System.Text.Json;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search;

public sealed class SearchParametersTests
{
    [Theory]
    [InlineData("CarePlan", "patient", SearchType.Reference, "CarePlan.subject.where(resolve() is Patient)")]
    [InlineData("CarePlan", "date", SearchType.Date, "CarePlan.period")]
    [InlineData("CarePlan", "_tag", SearchType.Token, "Resource.meta.tag")]
    [InlineData("Condition", "subject", SearchType.Reference, "Condition.subject")]
    [InlineData("Observation", "value-quantity", SearchType.Quantity,
        "(Observation.value as Quantity) | (Observation.value as SampledData)")]
    public void Knows_R4(string type, string code, SearchType kind, string expression)
    {
        var parameter = Given.Parameters.Find(type, code)!;
        Assert.Equal((type, code, kind, expression), (parameter.ResourceType, parameter.Code, parameter.Type, parameter.Expression));
        Assert.Contains(parameter, Given.Parameters.For(type));
    }

    [Fact]
    public void Lists_what_R4_defines_for_the_core_types()
    {
        Assert.Equal(
            ["_id", "_lastUpdated", "_profile", "_security", "_source", "_tag", "activity-code", "activity-date", "activity-reference",
                "based-on", "care-team",
                "category", "condition", "date", "encounter", "goal", "identifier", "instantiates-canonical", "instantiates-uri", "intent",
                    "part-of", "patient",
                "performer", "replaces", "status", "subject"],
            Given.Parameters.For("CarePlan").Select(p => p.Code));
        Assert.Equal(8, Given.Parameters.For("CareTeam").Count(p => p.Code[0] != '_'));
        Assert.Equal(21, Given.Parameters.For("Condition").Count(p => p.Code[0] != '_'));
        Assert.Equal(15, Given.Parameters.For("Consent").Count(p => p.Code[0] != '_'));
    }

    [Theory]
    [InlineData("CarePlan", "_text")]
    [InlineData("Location", "near")]
    public void What_cannot_be_asked_yet_is_known_but_not_listed(string type, string code)
    {
        Assert.NotNull(Given.Parameters.Find(type, code));
        Assert.DoesNotContain(Given.Parameters.For(type), p => p.Code == code);
    }

    [Fact]
    public void Nothing_is_known_of_other_codes() => Assert.Null(Given.Parameters.Find("CarePlan", "family"));

    /// <summary>Rows of all types may lie in one table.</summary>
    [Fact]
    public void Ids_differ_over_all_types_and_never_change()
    {
        var all = R4.ResourceTypes.SelectMany(Given.Parameters.For).ToList();
        Assert.Equal(all.Count, all.Select(p => p.Id).Distinct().Count());
        Assert.Equal(878862693, Given.Parameters.Find("CarePlan", "status")!.Id);
    }

    [Fact]
    public void Every_parameter_of_R4_that_names_a_target_or_a_type_has_its_part()
    {
        foreach (var parameter in R4.ResourceTypes.SelectMany(Given.Parameters.For))
            Assert.DoesNotContain(ParameterExpression.Parts(parameter.Expression), part => part.Length == 0);
    }

    [Fact]
    public void A_package_adds_parameters_and_changes_none_of_R4()
    {
        var own = new SearchParameters(
            new SearchParameterFact("https://fhir.cpa.example/SearchParameter/CPA-level", "level", "token", ["CarePlan"],
                "CarePlan.extension('https://fhir.cpa.example/level')", []),
            new SearchParameterFact("https://fhir.cpa.example/SearchParameter/status", "status", "token", ["CarePlan"], "CarePlan.intent",
                []));
        Assert.Equal("token", own.Find("CarePlan", "level")!.Type.ToString().ToLowerInvariant());
        Assert.Equal("CarePlan.status", own.Find("CarePlan", "status")!.Expression);
        Assert.Equal(Given.Parameters.Find("CarePlan", "status")!.Id, own.Find("CarePlan", "status")!.Id);
    }

    [Fact]
    public void All_of_the_CPA_package_can_be_used()
    {
        var facts = Directory.EnumerateFiles(Path.Combine(SharedData.Repository, "profiles"), "SearchParameter-*.json").Select(file =>
        {
            var root = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
            string Text(string name) => root.GetProperty(name).GetString()!;
            return new SearchParameterFact(Text("url"), Text("code"), Text("type"),
                [.. root.GetProperty("base").EnumerateArray().Select(b => b.GetString()!)], Text("expression"), []);
        }).ToList();
        var parameters = new SearchParameters(facts);
        Assert.NotEmpty(facts);
        Assert.Empty(parameters.Refused);
        foreach (var fact in facts) Assert.Contains(parameters.For(fact.Bases[0]), p => p.Url == fact.Url);
        Assert.True(parameters.Find("CarePlan", "has-crisis-plan")!.IsCondition);
    }

    [Fact]
    public void The_fingerprint_follows_the_definitions()
    {
        var level = new SearchParameterFact("https://fhir.cpa.example/SearchParameter/CPA-level", "level", "token", ["CarePlan"],
            "CarePlan.extension('a')", []);
        Assert.Equal(Given.Parameters.Fingerprint, new SearchParameters().Fingerprint);
        Assert.NotEqual(Given.Parameters.Fingerprint, new SearchParameters(level).Fingerprint);
        Assert.NotEqual(new SearchParameters(level).Fingerprint, new SearchParameters(level with { Expression = "CarePlan.extension('b')" })
            .Fingerprint);
    }
}
