namespace FhirCarePlan.Fhir.Tests.FhirPath.Operators;

public class LogicTests
{
    /// <summary>For the left side true, false, empty, in turn each with the right side true, false, empty.</summary>
    [Theory]
    [InlineData("and", "true false - false false false - false -")]
    [InlineData("or", "true true true true false - true - -")]
    [InlineData("xor", "false true - true false - - - -")]
    [InlineData("implies", "true false - true true true true - -")]
    public void Truth_has_three_values(string operation, string table)
    {
        string[] values = ["true", "false", "{}"];
        var results = from left in values from right in values select Given.Result($"{left} {operation} {right}") is { Length: > 0 } result
            ? result : "-";
        Assert.Equal(table, string.Join(' ', results));
    }

    [Theory]
    [InlineData("true and 'foo'", "true")]
    [InlineData("(1).not()", "false")]
    [InlineData("{}.not()", "")]
    [InlineData("active and gender", "true")]
    [InlineData("deceased or false", "false")]
    [InlineData("name and true", "error")]
    [InlineData("false and name", "false")]
    public void One_item_that_is_no_boolean_is_true(string expression, string result) =>
        Assert.Equal(result, Given.Result(expression, Given.Patient));
}
