using System.Text;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Tests.Validation;

namespace FhirCarePlan.Fhir.Tests.Formats;

public class XhtmlTests
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
    public void Only_formatting_passes(string xhtml, bool safe) => Assert.Equal(safe, Xhtml.IsSafe(xhtml));

    [Theory]
    [InlineData("<p>plain</p>", null)]
    [InlineData("text, <b>bold</b> &amp; &#160;&nbsp;<br/><!-- note --><img src=\"#i\" alt='x'/>", null)]
    [InlineData("<a href=\"https://a.example/?x=1&amp;y=2\">link</a>", null)]
    [InlineData("<p>", "`p` is not closed")]
    [InlineData("<p><b></p></b>", "`b` is not closed")]
    [InlineData("<script>x</script>", "the element `script` is not allowed")]
    [InlineData("<iframe/>", "the element `iframe` is not allowed")]
    [InlineData("<p onclick=\"x()\">a</p>", "the attribute `onclick` is not allowed")]
    [InlineData("<a href=\"javascript:x()\">a</a>", "runs a script")]
    [InlineData("<a href=\" java\tscript:x()\">a</a>", "runs a script")]
    [InlineData("<a href=\"&#106;avascript:x()\">a</a>", "runs a script")]
    [InlineData("<p title=x>a</p>", "not quoted")]
    [InlineData("<p title=\"x\"class=\"y\">a</p>", "a tag is broken")]
    [InlineData("a & b", "an entity is not closed")]
    [InlineData("<!DOCTYPE html>", "declarations are not allowed")]
    [InlineData("<?php ?>", "declarations are not allowed")]
    [InlineData("<![CDATA[x]]>", "declarations are not allowed")]
    [InlineData("<b xmlns=\"http://evil.example\">x</b>", "namespace")]
    public void Holds_plain_formatting_only(string inner, string? problem)
    {
        var found = Problem($"<div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div>");
        if (problem == null) Assert.Null(found);
        else Assert.Contains(problem, found ?? "nothing");
    }

    [Theory]
    [InlineData("<p>not a div</p>", "a `div` is expected")]
    [InlineData("<div>no namespace</div>", "namespace")]
    [InlineData("<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div><div/>", "something follows")]
    [InlineData("words", "a `div` is expected")]
    [InlineData("", "a `div` is expected")]
    public void Is_one_div(string text, string problem) => Assert.Contains(problem, Problem(text) ?? "nothing");

    [Fact]
    public void Ends_however_deep_it_nests() =>
        Assert.Contains("too deeply",
            Problem("<div xmlns=\"http://www.w3.org/1999/xhtml\">" + string.Concat(Enumerable.Repeat("<p>", 100_000))) ?? "nothing");

    [Theory]
    [InlineData("""<div xmlns=\"http://www.w3.org/1999/xhtml\"> \n </div>""", "txt-2 Patient.text.div")]
    [InlineData("""<div xmlns=\"http://www.w3.org/1999/xhtml\"><p/></div>""", "txt-2 Patient.text.div")]
    [InlineData("""<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>x</script></div>""", "txt-1 Patient.text.div")]
    [InlineData("""<div xmlns=\"http://www.w3.org/1999/xhtml\">says something</div>""")]
    public void Is_asked_of_every_narrative(string div, params string[] errors) =>
        Assert.Equal(errors, Check.Base($$$"""{"resourceType":"Patient","text":{"status":"generated","div":"{{{div}}}"}}""").Errors());

    private static string? Problem(string text) => Xhtml.Problem(Encoding.UTF8.GetBytes(text), out _);
}
