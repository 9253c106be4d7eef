using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search.Indexing;

public sealed class RowWriterTests
{
    private static readonly IndexExtractor Extractor = new(
        new SearchParameters(
            new SearchParameterFact("https://a.example/a", "a", "string", ["CarePlan"], "CarePlan.note.text | CarePlan.note.text", []),
            new SearchParameterFact("https://a.example/b", "b", "string", ["CarePlan"], "CarePlan.extension('u')", [])),
        Given.London, Given.Clock);

    /// <summary>Equal texts of different notes stay apart: their labels may differ.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(300)]
    public void Writes_a_row_once_for_each_node(int notes)
    {
        using var document =
            Given.Document($$"""{"resourceType":"CarePlan","note":[{{string.Join(',', Enumerable.Repeat("""{"text":"same"}""", notes))}}]}""");
        Assert.Equal(notes, Extractor.Extract(document).Count(r => r.Parameter.Code == "a"));
    }

    [Theory]
    [InlineData("""{"url":"u","valueString":"x"}""", "x")]
    [InlineData("""{"url":"u","extension":[{"url":"v","valueString":"x"}]}""", "")]
    [InlineData("""{"url":"w","valueString":"x"}""", "")]
    public void An_extension_means_its_value(string extension, string expected)
    {
        using var document = Given.Document($$"""{"resourceType":"CarePlan","extension":[{{extension}}]}""");
        Assert.Equal(expected, string.Join(' ', Extractor.Extract(document).Where(r => r.Parameter.Code == "b").Select(r => r.Value)));
    }
}
