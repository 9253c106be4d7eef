namespace FhirCarePlan.Fhir.Tests.FhirPath.Functions;

public class MathematicsTests
{
    [Theory]
    [InlineData("(-5).abs()", "5")]
    [InlineData("(-5 'mg').abs()", "5 'mg'")]
    [InlineData("(-1.1).ceiling()", "-1")]
    [InlineData("(-1.1).floor()", "-2")]
    [InlineData("(-1.9).truncate()", "-1")]
    [InlineData("3.14159.round(3)", "3.142")]
    [InlineData("2.5.round()", "3")]
    [InlineData("81.sqrt()", "9")]
    [InlineData("(-1).sqrt()", "")]
    [InlineData("16.log(2)", "4")]
    [InlineData("0.ln()", "")]
    [InlineData("2.power(10)", "1024")]
    [InlineData("2.5.power(2)", "6.25")]
    [InlineData("10.power(100)", "")]
    [InlineData("'a'.abs()", "error")]
    [InlineData("{}.abs()", "")]
    public void Mathematics(string expression, string result) => Assert.Equal(result, Given.Result(expression));

    [Theory]
    [InlineData("1.587.lowBoundary()", "1.58650000")]
    [InlineData("1.587.highBoundary(2)", "1.59")]
    [InlineData("(-1.587).lowBoundary(2)", "-1.59")]
    [InlineData("1.587.lowBoundary(32)", "")]
    [InlineData("@2014.highBoundary(6)", "2014-12")]
    [InlineData("@2014-02.highBoundary()", "2014-02-28")]
    [InlineData("@2014-01-01T08.highBoundary(17)", "2014-01-01T08:59:59.999-12:00")]
    [InlineData("@T10:30.highBoundary(9)", "10:30:59.999")]
    [InlineData("1.58700.precision()", "5")]
    [InlineData("@2014-01.precision()", "6")]
    [InlineData("@T10:30.precision()", "4")]
    public void Boundaries(string expression, string result) => Assert.Equal(result, Given.Result(expression));
}
