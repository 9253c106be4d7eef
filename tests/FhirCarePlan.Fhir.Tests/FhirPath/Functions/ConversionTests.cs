namespace FhirCarePlan.Fhir.Tests.FhirPath.Functions;

public class ConversionTests
{
    [Theory]
    [InlineData("iif(true, 'a', 1 / 'x')", "a")]
    [InlineData("iif({}, 'a')", "")]
    [InlineData("iif(1, 'a')", "error")]
    [InlineData("'Y'.toBoolean()", "true")]
    [InlineData("2.toBoolean()", "")]
    [InlineData("'+7'.toInteger()", "7")]
    [InlineData("'7.0'.toInteger()", "")]
    [InlineData("'1.50'.toDecimal()", "1.50")]
    [InlineData("'1e2'.toDecimal()", "")]
    [InlineData("'2015-02'.toDate()", "2015-02")]
    [InlineData("'2015-02-04T10:00:00Z'.toDate()", "2015-02-04")]
    [InlineData("'2015-02-30'.toDate()", "")]
    [InlineData("@2015.toDateTime() is DateTime", "true")]
    [InlineData("'14:34'.toTime()", "14:34")]
    [InlineData("'4 days'.toQuantity()", "4 days")]
    [InlineData("'4 d'.toQuantity()", "")]
    [InlineData("'4.5 \\'mg\\''.toQuantity()", "4.5 'mg'")]
    [InlineData("1 'g'.toQuantity('mg')", "1000 'mg'")]
    [InlineData("1 'g'.toQuantity('s')", "")]
    [InlineData("1.0.toString()", "1.0")]
    [InlineData("(1 | 2).toString()", "error")]
    [InlineData("'x'.convertsToInteger()", "false")]
    [InlineData("{}.convertsToInteger()", "")]
    [InlineData("'1'.convertsToDecimal()", "true")]
    public void Converts(string expression, string result) => Assert.Equal(result, Given.Result(expression));

    [Theory]
    [InlineData("birthDate.toString().substring(0, 4).toInteger() + 1", "1975")]
    [InlineData("birthDate.toString().substring(0, 7).toDate()", "1974-12")]
    [InlineData("name[0].toString()", "")]
    [InlineData("active.toString()", "true")]
    public void Elements_convert_by_their_value(string expression, string result) =>
        Assert.Equal(result, Given.Result(expression, Given.Patient));
}
