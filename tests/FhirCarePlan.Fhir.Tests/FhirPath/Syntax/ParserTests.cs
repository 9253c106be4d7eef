namespace FhirCarePlan.Fhir.Tests.FhirPath.Syntax;

public class ParserTests
{
    [Theory]
    [InlineData("1 + 2 * 3", "7")]
    [InlineData("-1 + 3", "2")]
    [InlineData("2 - 1 - 1", "0")]
    [InlineData("1 | 2 = 1 | 2", "true")]
    [InlineData("1 = 1 and 2 = 2 or false", "true")]
    [InlineData("false implies false and false", "true")]
    [InlineData("true or true xor true", "false")]
    [InlineData("1 + 1 is Integer", "true")]
    [InlineData("'a' & 'b' = 'ab'", "true")]
    [InlineData("1 in 1 | 2", "true")]
    [InlineData("(1 | 2)[1]", "2")]
    [InlineData("-(1 | 2)[1]", "-2")]
    public void Operators_bind_as_the_specification_orders_them(string expression, string result) =>
        Assert.Equal(result, Given.Result(expression));

    [Theory]
    [InlineData("'it\\'s'", "it's")]
    [InlineData("'\\u00e9\\t.'", "é\t.")]
    [InlineData("1.50", "1.50")]
    [InlineData("@2015", "2015")]
    [InlineData("@2015-02T", "2015-02")]
    [InlineData("@2015-02-04T14:34:28.123+10:00", "2015-02-04T14:34:28.123+10:00")]
    [InlineData("@T14:34", "14:34")]
    [InlineData("4 days", "4 days")]
    [InlineData("4.5 'mg'", "4.5 'mg'")]
    [InlineData("{}", "")]
    [InlineData("/* a */ 1 // b", "1")]
    public void Literals_read_as_written(string expression, string result) => Assert.Equal(result, Given.Result(expression));

    [Theory]
    [InlineData("name.where(as(string) = 'x').contains")]
    [InlineData("`is`.in.div")]
    [InlineData("descendants().as(FHIR.`uri`)")]
    public void Keywords_may_be_names(string expression) => Assert.NotEqual("error", Given.Result(expression, Given.Patient));

    [Theory]
    [InlineData("")]
    [InlineData("1 +")]
    [InlineData("(1")]
    [InlineData("1)")]
    [InlineData("a..b")]
    [InlineData("'open")]
    [InlineData("/* open")]
    [InlineData("'\\q'")]
    [InlineData("@2015-13-01")]
    [InlineData("@2015-02-30")]
    [InlineData("@T25:00")]
    [InlineData("@T10:00Z")]
    [InlineData("99999999999")]
    [InlineData("nothing()")]
    [InlineData("where()")]
    [InlineData("a.$this")]
    [InlineData("$that")]
    [InlineData("1 is Nonsense")]
    [InlineData("ofType(1)")]
    [InlineData("a ; b")]
    [InlineData("and")]
    public void What_is_not_FHIRPath_is_refused(string expression) => Assert.Equal("error", Given.Result(expression, Given.Patient));
}
