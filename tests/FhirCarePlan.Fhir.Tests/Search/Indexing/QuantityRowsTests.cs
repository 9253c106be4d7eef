namespace FhirCarePlan.Fhir.Tests.Search.Indexing;

public sealed class QuantityRowsTests
{
    private const string Milligram = """{"value":5.4,"unit":"milli","system":"http://unitsofmeasure.org","code":"mg"}""";

    [Theory]
    [InlineData(Milligram, "5.4", true)]
    [InlineData(Milligram, "5.40", true)]
    [InlineData(Milligram, "5", true)] // to one digit it is
    [InlineData(Milligram, "5.45", false)]
    [InlineData(Milligram, "5.4%7Chttp://unitsofmeasure.org%7Cmg", true)]
    [InlineData(Milligram, "5.4%7Chttp://unitsofmeasure.org%7CMg", false)] // units are a matter of case
    [InlineData(Milligram, "5.4%7Chttp://unitsofmeasure.org%7C", true)]
    [InlineData(Milligram, "5.4%7Chttp://other.example%7Cmg", false)]
    [InlineData(Milligram, "5.4%7C%7Cmg", true)]
    [InlineData(Milligram, "5.4%7C%7Cmilli", true)]
    [InlineData(Milligram, "5.4%7C%7Cg", false)]
    [InlineData(Milligram, "gt5%7C%7Cmg", true)]
    [InlineData(Milligram, "gt5.4", false)]
    [InlineData(Milligram, "ge5.4", true)]
    [InlineData(Milligram, "lt5.4", false)]
    [InlineData(Milligram, "le5.4", true)]
    [InlineData(Milligram, "ne5.4", false)]
    [InlineData(Milligram, "ne6", true)]
    [InlineData(Milligram, "ap5", true)]
    [InlineData(Milligram, "ap4", false)]
    [InlineData("""{"value":5,"comparator":"<"}""", "lt3", true)]
    [InlineData("""{"value":5,"comparator":"<"}""", "ge5", false)]
    [InlineData("""{"value":5,"comparator":">="}""", "gt100", true)]
    [InlineData("""{"value":5,"comparator":">="}""", "5", false)]
    [InlineData("""{"unit":"mg"}""", "ge0", false)]
    public void Matches_a_quantity(string value, string asked, bool isFound) =>
        Assert.Equal(isFound, Given.Finds("Observation?value-quantity=" + asked,
        $$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{{value}}}"""));

    /// <summary>The examples of https://hl7.org/fhir/R4/search.html#number.</summary>
    [Theory]
    [InlineData("99.5", "100", true)]
    [InlineData("100.49", "100", true)]
    [InlineData("100.5", "100", false)]
    [InlineData("99.4", "100", false)]
    [InlineData("100.004", "100.00", true)]
    [InlineData("100.005", "100.00", false)]
    [InlineData("95", "1e2", true)]
    [InlineData("105", "1e2", false)]
    [InlineData("100", "lt100", false)]
    [InlineData("100", "le100", true)]
    [InlineData("100", "ge100", true)]
    [InlineData("101", "gt100", true)]
    [InlineData("100.6", "ne100", true)]
    [InlineData("0.5", "0.5", true)]
    [InlineData("-3", "-3", true)]
    [InlineData("1e-3", "0.001", true)]
    public void Matches_a_number(string written, string asked, bool isFound) =>
        Assert.Equal(isFound, Given.Finds("ChargeItem?factor-override=" + asked,
        $$"""{"resourceType":"ChargeItem","factorOverride":{{written}}}"""));

    [Theory]
    [InlineData("""{"low":{"value":20},"high":{"value":30}}""", "ge25", true)]
    [InlineData("""{"low":{"value":20},"high":{"value":30}}""", "gt30", false)]
    [InlineData("""{"low":{"value":20},"high":{"value":30}}""", "25", false)]
    [InlineData("""{"low":{"value":20}}""", "gt100", true)]
    [InlineData("""{"high":{"value":20}}""", "lt0", true)]
    [InlineData("""{"low":{"unit":"a"}}""", "ge0", false)]
    public void Matches_a_range(string range, string asked, bool isFound) =>
        Assert.Equal(isFound, Given.Finds("Condition?onset-age=" + asked,
        $$"""{"resourceType":"Condition","onsetRange":{{range}}}"""));

    [Theory]
    [InlineData("10%7Curn:iso:std:iso:4217%7CGBP", true)]
    [InlineData("10%7C%7CGBP", true)]
    [InlineData("10%7C%7CEUR", false)]
    public void Money_has_a_currency_for_unit(string asked, bool isFound) =>
        Assert.Equal(isFound, Given.Finds("Invoice?totalgross=" + asked,
        """{"resourceType":"Invoice","totalGross":{"value":10.00,"currency":"GBP"}}"""));

    [Fact]
    public void A_number_beyond_all_bounds_gives_no_row() =>
        Assert.Empty(Given.Rows("""{"resourceType":"ChargeItem","factorOverride":1e399}""", "factor-override"));
}
