using FhirCarePlan.Fhir.Definitions.Codes;
using FhirCarePlan.Fhir.Tests.FhirPath;

namespace FhirCarePlan.Fhir.Tests.Definitions.Codes;

public class TranslationTests
{
    private const string Map = """
        {"resourceType":"ConceptMap","url":"http://test.example/ConceptMap/m","status":"active","group":[{"source":"s:a","target":"s:b",
        "element":[{"code":"1","target":[{"code":"one","display":"One","equivalence":"equivalent"},{"code":"uno","equivalence":"wider"}]},{"code":"2","target":[{"equivalence":"unmatched"}]}],
        "unmapped":{"mode":"fixed","code":"other"}}]}
        """;

    [Theory]
    [InlineData("s:a", "1", null, false, "equivalent s:b one", "wider s:b uno")]
    [InlineData(null, "1", null, false, "equivalent s:b one", "wider s:b uno")]
    [InlineData("s:a", "2", null, false, "unmatched s:b ")]
    [InlineData("s:a", "9", null, false, "inexact s:b other")]
    [InlineData("s:c", "1", null, false)]
    [InlineData("s:a", "1", "s:c", false)]
    [InlineData("s:b", "uno", null, true, "narrower s:a 1")]
    [InlineData("s:b", "nine", null, true)]
    public void Says_what_the_map_says(string? system, string code, string? target, bool isReverse, params string[] found) =>
        Assert.Equal(found, Translation.Of(Given.Resource(Map), system, code, target, isReverse).Select(t => $"{t.Equivalence} {t.System} {t.Code}"));

    [Fact]
    public void What_has_no_match_is_none() => Assert.False(new Translation("unmatched", null, null, null, "").IsMatch);
}
