using System.Text;
using FhirCarePlan.Fhir.Validation.Rules;

namespace FhirCarePlan.Fhir.Tests.Validation.Rules;

public class XhtmlTests
{
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
        Assert.Contains("too deeply", Problem("<div xmlns=\"http://www.w3.org/1999/xhtml\">" + string.Concat(Enumerable.Repeat("<p>", 100_000))) ?? "nothing");

    [Theory]
    [InlineData("""<div xmlns=\"http://www.w3.org/1999/xhtml\"> \n </div>""", "txt-2 Patient.text.div")]
    [InlineData("""<div xmlns=\"http://www.w3.org/1999/xhtml\"><p/></div>""", "txt-2 Patient.text.div")]
    [InlineData("""<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>x</script></div>""", "txt-1 Patient.text.div")]
    [InlineData("""<div xmlns=\"http://www.w3.org/1999/xhtml\">says something</div>""")]
    public void Is_asked_of_every_narrative(string div, params string[] errors) =>
        Assert.Equal(errors, Check.Base($$$"""{"resourceType":"Patient","text":{"status":"generated","div":"{{{div}}}"}}""").Errors());

    private static string? Problem(string text) => Xhtml.Problem(Encoding.UTF8.GetBytes(text), out _);
}
