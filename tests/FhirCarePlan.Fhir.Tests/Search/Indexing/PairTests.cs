using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Search.Indexing;

/// <summary>Composite parameters, and quantities in other units. https://hl7.org/fhir/R4/search.html#composite</summary>
public class PairTests
{
    private const string Pressure = """
        {"resourceType":"Observation","id":"a","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"component":[
        {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":107,"system":"http://unitsofmeasure.org","code":"mm[Hg]"}},
        {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":60,"system":"http://unitsofmeasure.org","code":"mm[Hg]"}}]}
        """;
    private const string Dose = """
        {"resourceType":"Observation","id":"a","status":"final","code":{"coding":[{"system":"s","code":"lithium"}]},"valueQuantity":{"value":0.1,"system":"http://unitsofmeasure.org","code":"mg","unit":"milligram"}}
        """;
    private const string Replacing = """
        {"resourceType":"DocumentReference","id":"a","status":"current","content":[{"attachment":{"url":"x"}}],"relatesTo":[{"code":"replaces","target":{"reference":"DocumentReference/old"}},{"code":"appends","target":{"reference":"DocumentReference/other"}}]}
        """;

    [Theory]
    [InlineData("Observation?component-code-value-quantity=8480-6$107", Pressure, true)]
    [InlineData("Observation?component-code-value-quantity=http://loinc.org|8480-6$gt100|http://unitsofmeasure.org|mm[Hg]", Pressure, true)]
    [InlineData("Observation?component-code-value-quantity=http://loinc.org|8462-4$gt100", Pressure, false)] // the code of one component, the value of the other
    [InlineData("Observation?component-code-value-quantity=http://loinc.org|$60", Pressure, true)]
    [InlineData("Observation?component-code-value-quantity=|8462-4$60", Pressure, false)]
    [InlineData("Observation?combo-code-value-quantity=8462-4$60", Pressure, true)]
    [InlineData("Observation?code-value-quantity=85354-9$60", Pressure, false)]
    [InlineData("Observation?code-value-quantity=lithium$0.1", Dose, true)]
    [InlineData("Observation?code-value-quantity=LITHIUM$lt1", Dose, true)]
    [InlineData("Observation?code-value-quantity=other$0.1,lithium$0.1", Dose, true)]
    [InlineData("Observation?code-value-quantity=lithium$100|http://unitsofmeasure.org|ug", Dose, true)]
    [InlineData("Observation?code-value-quantity=lithium$101|http://unitsofmeasure.org|ug", Dose, false)]
    [InlineData("Observation?value-quantity=100|http://unitsofmeasure.org|ug", Dose, true)]
    [InlineData("Observation?value-quantity=0.0001|http://unitsofmeasure.org|g", Dose, true)]
    [InlineData("Observation?value-quantity=gt99.9|http://unitsofmeasure.org|ug", Dose, true)]
    [InlineData("Observation?value-quantity=gt100|http://unitsofmeasure.org|ug", Dose, false)]
    [InlineData("Observation?value-quantity=ge100|http://unitsofmeasure.org|ug", Dose, true)]
    [InlineData("Observation?value-quantity=ne100|http://unitsofmeasure.org|ug", Dose, false)]
    [InlineData("Observation?value-quantity=100|http://unitsofmeasure.org|mL", Dose, false)]
    [InlineData("Observation?value-quantity=100||ug", Dose, false)] // a unit as written is no unit of UCUM
    [InlineData("Observation?value-quantity=0.1||milligram", Dose, true)]
    [InlineData("DocumentReference?relationship=DocumentReference/old$replaces", Replacing, true)]
    [InlineData("DocumentReference?relationship=old$http://hl7.org/fhir/document-relationship-type|replaces", Replacing, true)]
    [InlineData("DocumentReference?relationship=DocumentReference/old$appends", Replacing, false)]
    public void A_pair_holds_on_one_node(string url, string json, bool isFound) => Assert.Equal(isFound, Given.Finds(url, json));

    [Theory]
    [InlineData("code-value-quantity=lithium")]
    [InlineData("code-value-quantity=lithium$")]
    [InlineData("code-value-quantity=$5")]
    [InlineData("code-value-quantity=lithium$x")]
    [InlineData("code-value-quantity=lithium$1$2")]
    [InlineData("code-value-quantity:missing=true")]
    [InlineData("_sort=code-value-quantity")]
    public void Half_a_pair_is_refused(string query)
    {
        var report = new Report();
        Assert.Null(Given.Parser.Parse("Observation", query, report));
        Assert.NotEmpty(report.Issues[0].Text);
    }
}
