using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Fhir.Search.Indexing;

namespace FhirCarePlan.Fhir.Tests.Search.Indexing;

public sealed class IndexConditionTests
{
    [Theory]
    [InlineData("Patient.deceased.exists() and Patient.deceased != false", true)]
    [InlineData("CarePlan.activity.where(detail.code.coding.code = 'x').exists()", true)]
    [InlineData("CarePlan.activity.exists(detail.code.exists())", true)]
    [InlineData("CarePlan.note.empty()", true)]
    [InlineData("CarePlan.status = 'active'", true)]
    [InlineData("CarePlan.activity.where(detail.exists()).detail.code", false)]
    [InlineData("(Observation.value as Quantity) | (Observation.value as SampledData)", false)]
    [InlineData("CarePlan.subject.where(resolve() is Patient)", false)]
    [InlineData("", false)]
    public void Is_told_from_a_path(string expression, bool isCondition) => Assert.Equal(isCondition, IndexCondition.IsCondition(expression));

    [Theory]
    [InlineData("CarePlan.activity.where(detail.status = 'completed').exists()", "CarePlan.activity[1]")]
    [InlineData("CarePlan.activity.exists() and CarePlan.status = 'active'", "CarePlan.activity[0] CarePlan.activity[1]")]
    [InlineData("CarePlan.activity.exists(detail.status = 'completed')", "CarePlan")]
    [InlineData("CarePlan.note.exists()", "")]
    [InlineData("CarePlan.note.exists().not()", "CarePlan")]
    public void True_is_indexed_where_it_was_found(string expression, string expected)
    {
        var own = new SearchParameters(new SearchParameterFact("https://a.example/p", "own", "token", ["CarePlan"], expression, []));
        using var document = Given.Document("""{"resourceType":"CarePlan","status":"active","activity":[{"detail":{"status":"scheduled"}},{"detail":{"status":"completed"}}]}""");
        var rows = new IndexExtractor(own, Given.London, Given.Clock).Extract(document).FindAll(r => r.Parameter.Code == "own");
        Assert.All(rows, row => Assert.Equal("true", row.Value));
        Assert.Equal(expected, string.Join(' ', rows.Select(r => document[r.Node].Location)));
    }
}
