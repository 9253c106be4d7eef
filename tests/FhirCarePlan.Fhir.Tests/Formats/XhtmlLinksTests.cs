using FhirCarePlan.Fhir.Formats;

namespace FhirCarePlan.Fhir.Tests.Formats;

public class XhtmlLinksTests
{
    [Theory]
    [InlineData("<a href=\"urn:x\">a</a>", "<a href=\"Goal/1\">a</a>")]
    [InlineData("<a href='urn:x'>a</a>", "<a href='Goal/1'>a</a>")]
    [InlineData("<a\n title='b' href = 'urn:x' >a</a>", "<a\n title='b' href = 'Goal/1' >a</a>")]
    [InlineData("<img alt='urn:x' src='urn:x'/><b>é</b><img src=\"urn:x\"/>",
        "<img alt='urn:x' src='Goal/1'/><b>é</b><img src=\"Goal/1\"/>")]
    [InlineData("<a href='urn:?a&amp;b'>a</a>", "<a href='Goal/2'>a</a>")]
    [InlineData("<p>href=\"urn:x\" is 'urn:x'</p>", null)]
    [InlineData("<a title=\"href='urn:x'\" href=\"#a\">href='urn:x'</a>", null)]
    [InlineData("<!-- <a href=\"urn:x\"> --><p>a > href=\"urn:x\"</p>", null)]
    [InlineData("<a data-href=\"urn:x\" name=\"urn:x\">a</a>", null)]
    [InlineData("<a href=\"urn:xy\">a</a>", null)]
    [InlineData("<a href='urn:x", null)]
    [InlineData("<a href", null)]
    [InlineData("", null)]
    public void Links_are_rewritten_and_nothing_else(string narrative, string? written) =>
        Assert.Equal(written ?? narrative,
            XhtmlLinks.Rewrite(narrative, link => link switch { "urn:x" => "Goal/1", "urn:?a&b" => "Goal/2", _ => null }));
}
