using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search;

public sealed class IndexExtractorTests
{
    private const string Plan = """
        {"resourceType":"CarePlan","id":"c","meta":{"lastUpdated":"2024-01-01T00:00:00Z"},"status":"active","intent":"plan","subject":{"reference":"Patient/1"},
         "category":[{"coding":[{"system":"urn:s","code":"a","display":"A"}],"text":"T"}]}
        """;

    [Fact]
    public void Gives_every_value_with_its_node()
    {
        using var document = Given.Document(Plan);
        Assert.Equal(
            ["status |active| CarePlan.status", "intent |plan| CarePlan.intent", "category urn:s|a|a CarePlan.category[0].coding[0]",
                "category ||t CarePlan.category[0].text", "patient Patient|1| CarePlan.subject", "subject Patient|1| CarePlan.subject"],
            Given.Extractor.Extract(document).Select(r => $"{r.Parameter.Code} {r.System}|{r.Value}|{r.Text} {document[r.Node].Location}"));
    }

    [Fact]
    public void A_row_has_the_labels_of_all_below_its_node()
    {
        using var document = Given.Document(Plan);
        var row = Given.Extractor.Extract(document).Find(r => r is { Parameter.Code: "category", Value: "a" });
        var labels = new long[document.Count];
        labels[row.Node] = 1;
        labels[document[row.Node]["display"].Index] = 2;
        labels[document.Root["category"]["text"].Index] = 4;
        labels[0] = 8;
        Assert.Equal(3, IndexExtractor.LabelOf(document, row, labels));
    }

    [Fact]
    public void Every_parameter_of_R4_compiles()
    {
        foreach (var type in R4.ResourceTypes)
        {
            using var document = Given.Document($$"""{"resourceType":"{{type}}","id":"x"}""");
            Assert.DoesNotContain(Given.Extractor.Extract(document), r => r.Parameter.Code[0] != '_');
        }
    }

    [Fact]
    public void What_is_not_FHIRPath_is_refused_at_start()
    {
        var own =
            new SearchParameters(new SearchParameterFact("https://a.example/p", "own", "token", ["CarePlan"], "CarePlan.status.(", []));
        Assert.Single(own.Refused);
        Assert.Null(own.Find("CarePlan", "own"));
    }

    [SharedFact]
    public void All_examples_give_rows_of_nodes_they_have()
    {
        foreach (var file in Directory.EnumerateFiles(SharedData.Folder("data/examples/json")!, "*.json"))
        {
            using var document = JsonParser.Parse(File.ReadAllBytes(file), new Report())!;
            foreach (var row in Given.Extractor.Extract(document))
            {
                Assert.InRange(row.Node, 0, document.Count - 1);
                Assert.True(row.Kind is not (SearchType.Date) || row.Low <= row.High, row.Parameter.ToString());
                Assert.True(row.NumberLow <= row.NumberHigh, row.Parameter.ToString());
            }
        }
    }
}
