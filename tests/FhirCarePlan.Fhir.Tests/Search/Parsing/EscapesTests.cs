using FhirCarePlan.Fhir.Search.Parsing;

namespace FhirCarePlan.Fhir.Tests.Search.Parsing;

public sealed class EscapesTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("a,b", "a b")]
    [InlineData(@"a\,b,c", @"a\,b c")]
    [InlineData(@"a\\,b", @"a\\ b")]
    [InlineData(@"a\", @"a\")]
    [InlineData(",", " ")]
    public void Splits(string text, string expected) => Assert.Equal(expected, string.Join(' ', Escapes.Split(text, ',')));

    [Theory]
    [InlineData(@"a\,b\|c\$d\\e", @"a,b|c$d\e")]
    [InlineData(@"a\b\", @"a\b\")]
    [InlineData(@"\\,", @"\,")]
    [InlineData("plain", "plain")]
    public void Removes(string text, string expected) => Assert.Equal(expected, Escapes.Remove(text));
}
