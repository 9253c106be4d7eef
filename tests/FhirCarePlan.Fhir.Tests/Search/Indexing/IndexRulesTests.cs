using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search.Indexing;

public sealed class IndexRulesTests
{
    [Fact]
    public void Simple_parts_conditions_and_the_engine_work_side_by_side()
    {
        var own = new SearchParameters(
            new SearchParameterFact("https://a.example/a", "a", "token", ["CarePlan"],
                "CarePlan.status | CarePlan.note.first().text | Goal.description", []),
            new SearchParameterFact("https://a.example/b", "b", "token", ["CarePlan"], "CarePlan.note.exists()", []));
        using var document = Given.Document("""{"resourceType":"CarePlan","status":"active","note":[{"text":"one"},{"text":"two"}]}""");
        var rows = new IndexExtractor(own, Given.London, Given.Clock).Extract(document);
        Assert.Equal(["a active", "a one", "b true", "b true"], rows.Where(r => r.Parameter.Code.Length == 1)
            .Select(r => $"{r.Parameter.Code} {r.Value}"));
    }
}
