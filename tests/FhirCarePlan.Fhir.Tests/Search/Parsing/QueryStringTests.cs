using System.Text;
using FhirCarePlan.Fhir.Search.Parsing;

namespace FhirCarePlan.Fhir.Tests.Search.Parsing;

public sealed class QueryStringTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("?", "")]
    [InlineData("a=1&b=2", "a=1;b=2")]
    [InlineData("?a=1&&a=2&", "a=1;a=2")]
    [InlineData("a", "a=")]
    [InlineData("a=b=c", "a=b=c")]
    [InlineData("code%3Atext=x+y%20z%2B", "code:text=x y z+")]
    [InlineData("a=%zz%C3%A9%C3", "a=%zzé%C3")]
    public void Reads(string text, string expected) =>
        Assert.Equal(expected, string.Join(';', QueryString.Read(text).Select(p => $"{p.Name}={p.Value}")));

    [Fact]
    public void Writes_what_it_reads()
    {
        var link = new StringBuilder();
        QueryString.Append(link, "code:text", "a b&c=d+é");
        QueryString.Append(link, "identifier", "http://a.example|1,2\\,3");
        Assert.Equal("code:text=a%20b%26c%3Dd%2B%C3%A9&identifier=http://a.example%7C1,2%5C,3", link.ToString());
        Assert.Equal([("code:text", "a b&c=d+é"), ("identifier", "http://a.example|1,2\\,3")], QueryString.Read(link.ToString()));
    }
}
