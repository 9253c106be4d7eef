using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Fhir.Search.Indexing;

namespace FhirCarePlan.Fhir.Tests.Search.Indexing;

public sealed class IndexPathTests
{
    [Fact]
    public void Walks_all_paths_of_R4_itself()
    {
        var rest = R4.ResourceTypes.SelectMany(Given.Parameters.For).Where(p => !p.IsCondition)
            .SelectMany(p => ParameterExpression.Parts(p.Expression).Where(part => IndexPath.TryCompile(p.ResourceType, part) is null)
                .Select(_ => p.ToString()));
        Assert.Empty(rest);
    }

    [Theory]
    [InlineData("CarePlan.activity.where(detail.exists())")]
    [InlineData("CarePlan.activity.first()")]
    [InlineData("CarePlan.activity.detail[0].code")]
    [InlineData("CarePlan.period.start > today()")]
    [InlineData("Goal.subject")]
    [InlineData("CarePlan.extension('a\\'b')")]
    [InlineData("(CarePlan.period")]
    [InlineData("%resource.period")]
    [InlineData("")]
    public void Leaves_the_rest_to_the_engine(string expression) => Assert.Null(IndexPath.TryCompile("CarePlan", expression));

    private const string Plan = """
        {"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"reference":"Group/g"},
         "extension":[{"url":"https://a.example/x","valueCode":"one"},{"url":"https://a.example/y","valueCode":"two"}],
         "contributor":[{"reference":"Practitioner/p"},{"reference":"CareTeam/t"}],
         "activity":[{"detail":{"status":"scheduled","scheduledPeriod":{"start":"2020-01-01"},"productCodeableConcept":{"text":"Tea"}}},
                     {"detail":{"status":"completed","scheduledString":"often"}}]}
        """;

    [Theory]
    [InlineData("token", "CarePlan.activity.detail.status", "scheduled completed")]
    [InlineData("token", "CarePlan.activity.detail.where(status='completed').status", "completed")]
    [InlineData("token", "CarePlan.activity.detail.where(status = 'gone').status", "")]
    [InlineData("token", "CarePlan.activity[1].detail.status", "completed")]
    [InlineData("token", "CarePlan.activity[2].detail.status", "")]
    [InlineData("token", "CarePlan.extension('https://a.example/y')", "two")]
    [InlineData("token", "CarePlan.extension.where(url='https://a.example/x').value", "one")]
    [InlineData("string", "(CarePlan.activity.detail.scheduled as string)", "often")]
    [InlineData("string", "CarePlan.activity.detail.scheduled.ofType(string)", "often")]
    [InlineData("string", "CarePlan.activity.detail.scheduled", "often")]
    [InlineData("string", "(CarePlan.activity.detail.product as CodeableConcept).text", "tea")]
    [InlineData("reference", "CarePlan.contributor.where(resolve() is CareTeam)", "t")]
    [InlineData("reference", "CarePlan.contributor.where(resolve() is Patient)", "")]
    [InlineData("token", "status", "active")]
    public void Finds(string type, string expression, string expected)
    {
        var own = new SearchParameters(new SearchParameterFact("https://a.example/p", "own", type, ["CarePlan"], expression, []));
        using var document = Given.Document(Plan);
        var rows = new IndexExtractor(own, Given.London, Given.Clock).Extract(document).FindAll(r => r.Parameter.Code == "own");
        Assert.Equal(expected, string.Join(' ', rows.Select(r => r.Value)));
    }

    /// <summary>The row tells the kind of artifact as well, so it is labelled as both.</summary>
    [Fact]
    public void A_row_chosen_by_a_sibling_is_labelled_as_what_holds_both()
    {
        const string json =
            """{"resourceType":"PlanDefinition","relatedArtifact":[{"type":"depends-on","resource":"http://a.example/x"}],"library":["http://a.example/y"]}""";
        using var document = Given.Document(json);
        Assert.Equal(["PlanDefinition.library[0]", "PlanDefinition.relatedArtifact[0]"], Given.Rows(json, "depends-on")
            .Select(r => document[r.Node].Location).Order());
    }

    [Fact]
    public void Tells_the_element_it_ends_at()
    {
        Assert.Equal("Patient.gender", IndexPath.TryCompile("Patient", "Patient.gender")!.ElementOf(R4.Type("Patient"))!.Path);
        Assert.Null(IndexPath.TryCompile("Patient", "Patient.telecom.where(system='phone')")!.ElementOf(R4.Type("Patient")));
    }
}
