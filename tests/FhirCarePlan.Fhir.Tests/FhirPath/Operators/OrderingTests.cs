namespace FhirCarePlan.Fhir.Tests.FhirPath.Operators;

public class OrderingTests
{
    [Theory]
    [InlineData("1 < 1.5", "true")]
    [InlineData("'B' < 'a'", "true")]
    [InlineData("@2018-03 < @2018-03-01", "")]
    [InlineData("@2018-02 < @2018-03-01", "true")]
    [InlineData("@2018-03-01T10:30:00 <= @2018-03-01T10:30:00.0", "true")]
    [InlineData("@2018-03-01T10:30:00Z < @2018-03-01T10:30:00-01:00", "true")]
    [InlineData("@2018-03-01T23:00:00-05:00 > @2018-03-02", "")]
    [InlineData("@2018-03-01T23:00:00-05:00 > @2018-02-27", "true")]
    [InlineData("today() < @2024-05-18", "true")]
    [InlineData("1 'cm' < 1 '[in_i]'", "true")]
    [InlineData("1 'cm' < 1 's'", "")]
    [InlineData("{} < 1", "")]
    [InlineData("1 < 'a'", "error")]
    [InlineData("true < false", "error")]
    [InlineData("(1 | 2) < 3", "error")]
    public void Orders(string expression, string result) => Assert.Equal(result, Given.Result(expression));

    [Fact]
    public void Numbers_compare_with_quantities_that_count()
    {
        var score =
            Given.Resource("""{"resourceType":"Observation","valueQuantity":{"value":3,"unit":"score","system":"http://unitsofmeasure.org","code":"{score}"}}""");
        Assert.Equal("true", Given.Result("value >= 0 and value <= 4", score));
        Assert.Equal("", Given.Result("value <= 4 'mg'", score));
    }

    [Fact]
    public void A_quantity_with_comparator_has_no_place_in_an_order() =>
        Assert.Equal("",
            Given.Result("value < 9", Given.Resource("""{"resourceType":"Observation","valueQuantity":{"value":3,"comparator":"<"}}""")));

    [Fact]
    public void Ages_compare_with_calendar_durations()
    {
        var condition =
            Given.Resource("""{"resourceType":"Condition","onsetAge":{"value":20,"unit":"years","system":"http://unitsofmeasure.org","code":"a"}}""");
        Assert.Equal("true, true", Given.Result("(onset > 18 years).combine(onset > 18 'a')", condition));
    }
}
