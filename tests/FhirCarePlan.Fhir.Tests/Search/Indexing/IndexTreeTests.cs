using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search.Indexing;

public sealed class IndexTreeTests
{
    private static readonly IndexExtractor Extractor = new(
        new SearchParameters(
            new SearchParameterFact("https://a.example/a", "a", "token", ["Observation"], "Observation.value.system", []),
            new SearchParameterFact("https://a.example/b", "b", "token", ["Observation"], "Observation.value.code", []),
            new SearchParameterFact("https://a.example/c", "c", "token", ["Observation"], "Observation.value.coding.code", [])),
        Given.London, Given.Clock);

    /// <summary>Below a choice element a branch meets several types, each with an order of its own.</summary>
    [Theory]
    [InlineData("""{"valueQuantity":{"system":"s","code":"q"}}""", "a s b q")]
    [InlineData("""{"valueCodeableConcept":{"coding":[{"code":"x"},{"code":"y"}]}}""", "c x c y")]
    [InlineData("""{"valueString":"s"}""", "")]
    public void Branches_by_the_type_at_hand(string value, string expected)
    {
        for (var time = 0; time < 2; time++)
        {
            using var document = Given.Document(value.Replace("{\"value", """{"resourceType":"Observation","value"""));
            Assert.Equal(expected,
                string.Join(' ', Extractor.Extract(document).Where(r => r.Parameter.Code.Length == 1)
                .Select(r => $"{r.Parameter.Code} {r.Value}")));
        }
    }
}
