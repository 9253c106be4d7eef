using FhirCarePlan.Fhir.FhirPath.Functions;

namespace FhirCarePlan.Fhir.Tests.FhirPath.Functions;

public class NarrativeTests
{
    private const string Div = "<div xmlns=\"http://www.w3.org/1999/xhtml\"";

    [Theory]
    [InlineData(Div + "><p>Text</p></div>", true)]
    [InlineData(Div + " xml:lang='en' class=\"x\"><table><tr><td colspan=\"2\">a &amp; b &nbsp;&#160;</td></tr></table><br/></div>", true)]
    [InlineData(Div + "><img src=\"#a\" alt='a > b'/></div>", true)]
    [InlineData(Div + "><!-- a --><a href=\"https://example.org\">a</a></div>", true)]
    [InlineData("<div><p>no namespace</p></div>", false)]
    [InlineData(Div + "> </div>", false)]
    [InlineData(Div + "/>", false)]
    [InlineData(Div + "><script>a</script></div>", false)]
    [InlineData(Div + "><p onclick=\"a\">a</p></div>", false)]
    [InlineData(Div + "><a href=\"java&#115;cript:a\">a</a></div>", false)]
    [InlineData(Div + "><p>a</div></p>", false)]
    [InlineData(Div + "><p>a</div>", false)]
    [InlineData(Div + ">a</div>b", false)]
    [InlineData(Div + ">a</div>" + Div + ">a</div>", false)]
    [InlineData(Div + ">a & b</div>", false)]
    [InlineData(Div + ">a &nonsense; b</div>", false)]
    [InlineData(Div + "><p class=a>a</p></div>", false)]
    [InlineData("<!DOCTYPE html>" + Div + ">a</div>", false)]
    [InlineData("<p>a</p>", false)]
    [InlineData("a", false)]
    [InlineData("", false)]
    [InlineData(Div, false)]
    [InlineData(Div + "><!-- open", false)]
    public void Only_formatting_passes(string xhtml, bool safe) => Assert.Equal(safe, Narrative.IsSafe(xhtml));
}
