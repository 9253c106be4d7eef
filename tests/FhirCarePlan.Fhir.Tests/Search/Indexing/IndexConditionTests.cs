using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Model;
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

    private const string OfSome = "CarePlan.where(category.coding.where(system = 's' and code = 'c').exists()).note.exists()";

    /// <summary>The row that says the condition applies lies where the test looks, the one that says it holds where that looks.</summary>
    [Theory]
    [InlineData("""{"resourceType":"CarePlan"}""", "")]
    [InlineData("""{"resourceType":"CarePlan","note":[{"text":"x"}]}""", "")]
    [InlineData("""{"resourceType":"CarePlan","category":[{"coding":[{"system":"s","code":"c"}]}]}""", "applies CarePlan.category[0].coding[0]")]
    [InlineData("""{"resourceType":"CarePlan","category":[{"coding":[{"system":"s","code":"c"}]}],"note":[{"text":"x"}]}""", "applies CarePlan.category[0].coding[0] true CarePlan.note[0]")]
    public void A_condition_of_some_says_where_it_applies(string json, string expected)
    {
        var own = new SearchParameters(new SearchParameterFact("https://a.example/p", "own", "token", ["CarePlan"], OfSome, []));
        using var document = Given.Document(json);
        Assert.Equal(expected, string.Join(' ', new IndexExtractor(own, Given.London, Given.Clock).Extract(document).Where(r => r.Parameter.Code == "own").Select(r => $"{r.Value} {document[r.Node].Location}")));
    }

    private const string Other = """{"resourceType":"CarePlan","note":[{"text":"x"}]}""",
        Without = """{"resourceType":"CarePlan","category":[{"coding":[{"system":"s","code":"c"}]}]}""",
        With = """{"resourceType":"CarePlan","category":[{"coding":[{"system":"s","code":"c"}]}],"note":[{"text":"x"}]}""";

    [Theory]
    [InlineData("own=true", false, false, true)]
    [InlineData("own=false", false, true, false)]
    [InlineData("own=true,false", false, true, true)]
    [InlineData("own:not=true", true, true, false)]
    [InlineData("own:not=true,false", true, false, false)]
    [InlineData("own:missing=true", true, false, false)]
    [InlineData("own:missing=false", false, true, true)]
    [InlineData("own=perhaps", false, false, false)]
    [InlineData("own=|false", false, true, false)]
    [InlineData("own=http://a.example|true", false, false, false)]
    [InlineData("own=applies", false, false, false)]
    [InlineData("own:not=perhaps", true, true, true)]
    public void A_condition_of_some_is_neither_true_nor_false_elsewhere(string query, bool other, bool without, bool with)
    {
        var own = new SearchParameters(new SearchParameterFact("https://a.example/p", "own", "token", ["CarePlan"], OfSome, []));
        var (parser, extractor) = (new QueryParser(own, Given.London, Given.Clock), new IndexExtractor(own, Given.London, Given.Clock));
        Assert.Equal((other, without, with), (Finds(Other), Finds(Without), Finds(With)));

        bool Finds(string json)
        {
            using var document = Given.Document(json);
            return Oracle.Matches(parser.Parse("CarePlan", query, new Report())!, "CarePlan", "", 0, extractor.Extract(document));
        }
    }

    [Fact]
    public void Not_false_of_a_condition_of_some_is_refused_in_words()
    {
        var own = new SearchParameters(new SearchParameterFact("https://a.example/p", "own", "token", ["CarePlan"], OfSome, []));
        var report = new Report();
        Assert.Null(new QueryParser(own, Given.London, Given.Clock).Parse("CarePlan", "own:not=false", report));
        Assert.Contains("ask `own=true`", Assert.Single(report.Issues).Text, StringComparison.Ordinal);
    }
}
