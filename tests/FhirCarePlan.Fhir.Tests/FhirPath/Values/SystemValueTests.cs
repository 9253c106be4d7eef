namespace FhirCarePlan.Fhir.Tests.FhirPath.Values;

/// <summary>Values that FHIR allows to be written and .NET cannot hold, and elements that have none.</summary>
public class SystemValueTests
{
    private static readonly FhirCarePlan.Fhir.Model.Node Odd = Given.Resource("""
        {"resourceType":"Parameters","parameter":[
          {"name":"a","valueDecimal":1e300},{"name":"b","valueDecimal":1e300},{"name":"c","valueDecimal":0.00000000000000000000000000000000001},
          {"name":"d","_valueDate":{"extension":[{"url":"urn:x","valueCode":"unknown"}]}},{"name":"e","valueDecimal":1.50}]}
        """);

    [Theory]
    [InlineData("parameter[0].value = parameter[1].value", "true")]
    [InlineData("parameter[0].value > 1", "")]
    [InlineData("parameter[0].value + 1", "")]
    [InlineData("parameter[0].value.toString()", "1e300")]
    [InlineData("parameter[2].value < 1", "true")]
    [InlineData("parameter[3].value.exists() and parameter[3].value.hasValue().not()", "true")]
    [InlineData("parameter[3].value < today()", "")]
    [InlineData("parameter[3].value = today()", "false")]
    [InlineData("parameter[3].value = parameter[3].value", "true")]
    [InlineData("parameter[4].value.toString()", "1.50")]
    [InlineData("parameter[4].value = 1.5", "true")]
    [InlineData("parameter.value.distinct().count()", "4")]
    public void Odd_values_do_no_harm(string expression, string result) => Assert.Equal(result, Given.Result(expression, Odd));
}
