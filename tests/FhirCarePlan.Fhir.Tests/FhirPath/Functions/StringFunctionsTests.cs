namespace FhirCarePlan.Fhir.Tests.FhirPath.Functions;

public class StringFunctionsTests
{
    [Theory]
    [InlineData("'abc'.indexOf('c')", "2")]
    [InlineData("'abcb'.lastIndexOf('b')", "3")]
    [InlineData("'abc'.substring(1)", "bc")]
    [InlineData("'abc'.substring(1, 9)", "bc")]
    [InlineData("'abc'.substring(3)", "")]
    [InlineData("'abc'.startsWith('ab')", "true")]
    [InlineData("'abc'.endsWith('')", "true")]
    [InlineData("'abc'.contains({})", "")]
    [InlineData("'aé'.upper()", "AÉ")]
    [InlineData("'aba'.replace('a', 'x')", "xbx")]
    [InlineData("'ab'.replace('', '-')", "-a-b-")]
    [InlineData("' a '.trim()", "a")]
    [InlineData("'a,,b'.split(',').count()", "3")]
    [InlineData("('a' | 'b').join('-')", "a-b")]
    [InlineData("'ab'.toChars()", "a, b")]
    [InlineData("'abc'.length()", "3")]
    [InlineData("1.length()", "error")]
    [InlineData("('a' | 'b').length()", "error")]
    [InlineData("'a'.startsWith(1)", "error")]
    public void Strings(string expression, string result) => Assert.Equal(result, Given.Result(expression));

    [Theory]
    [InlineData("'A\\nB'.matches('A.B')", "true")]
    [InlineData("'xAx'.matches('A')", "true")]
    [InlineData("'xAx'.matchesFull('A')", "false")]
    [InlineData("'12'.matches('^\\\\d+$')", "true")]
    [InlineData("'\\u0661'.matches('\\\\d')", "false")]
    [InlineData("'\\u00a0'.matches('^[\\\\S]$')", "true")]
    [InlineData("'a\\nb'.matches('^[\\\\s\\\\S]*$')", "true")]
    [InlineData("'ab'.matches('(?=a)ab')", "true")]
    [InlineData("'a.b'.replaceMatches('\\\\..*', '')", "a")]
    [InlineData("'2024-05'.replaceMatches('(\\\\d+)-(\\\\d+)', '$2/$1')", "05/2024")]
    [InlineData("'a'.matches('(')", "error")]
    public void Regular_expressions(string expression, string result) => Assert.Equal(result, Given.Result(expression));

    [Theory]
    [InlineData("name.family.startsWith('Chal')", "true")]
    [InlineData("name.family.matches('^C')", "true")]
    [InlineData("name.startsWith('C')", "error")]
    [InlineData("birthDate.startsWith('1974')", "error")]
    public void Elements_count_as_strings_where_they_are_strings(string expression, string result) =>
        Assert.Equal(result, Given.Result(expression, Given.Patient));

    [Fact]
    public void Escapes_of_the_source_are_undone_before_text_is_compared()
    {
        var node = Given.Resource("""{"resourceType":"Patient","name":[{"family":"O\u00c9\"x","text":"Zoë"}]}""");
        Assert.Equal("true",
            Given.Result("name.family = 'OÉ\"x' and name.family.length() = 4 and name.family.substring(1, 1) = 'É' and name.text.endsWith('ë')", node));
    }

    [Theory]
    [InlineData("'a?'.encode('base64')", "YT8=")]
    [InlineData("'YT8='.decode('base64')", "a?")]
    [InlineData("'zz'.decode('hex')", "error")]
    [InlineData("'<'.escape('html')", "&lt;")]
    [InlineData("'\"'.escape('json')", "\\\"")]
    [InlineData("'a\\\\n'.unescape('json')", "a\n")]
    [InlineData("'a'.encode('rot13')", "")]
    public void Encodings(string expression, string result) => Assert.Equal(result, Given.Result(expression));
}
