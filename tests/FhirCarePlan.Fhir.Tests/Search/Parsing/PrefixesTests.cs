using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Fhir.Search.Parsing;

namespace FhirCarePlan.Fhir.Tests.Search.Parsing;

public sealed class PrefixesTests
{
    [Theory]
    [InlineData("2013", Prefix.Eq, "2013")]
    [InlineData("eq2013", Prefix.Eq, "2013")]
    [InlineData("ne1", Prefix.Ne, "1")]
    [InlineData("gt1", Prefix.Gt, "1")]
    [InlineData("lt1", Prefix.Lt, "1")]
    [InlineData("ge1", Prefix.Ge, "1")]
    [InlineData("le1", Prefix.Le, "1")]
    [InlineData("sa1", Prefix.Sa, "1")]
    [InlineData("eb1", Prefix.Eb, "1")]
    [InlineData("ap1", Prefix.Ap, "1")]
    [InlineData("GT1", Prefix.Eq, "GT1")]
    [InlineData("1", Prefix.Eq, "1")]
    [InlineData("", Prefix.Eq, "")]
    public void Takes(string text, Prefix prefix, string rest)
    {
        Assert.Equal(prefix, Prefixes.Take(ref text));
        Assert.Equal(rest, text);
    }
}
