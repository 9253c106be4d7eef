using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Tests.Search.Indexing;

/// <summary>https://hl7.org/fhir/R4/search.html#text, https://hl7.org/fhir/R4/search.html#content</summary>
public class WordRowsTests
{
    private const string Plan = """
        {"resourceType":"CarePlan","id":"secretid","meta":{"tag":[{"display":"tagged"}]},"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p class='hidden'>Sleep&amp;rest, <b>Caf\u00e9</b></p></div>"},
        "status":"active","intent":"plan","title":"Low-mood plan","subject":{"reference":"Patient/robin","display":"Robin Hart"},"instantiatesUri":["http://x.example/uriword"],
        "note":[{"text":"Likes *long* walks"}],"contained":[{"resourceType":"Goal","id":"g","lifecycleStatus":"active","description":{"text":"Swim"},"subject":{"reference":"Patient/robin"}}]}
        """;

    [Theory]
    [InlineData("_text=sleep", true)]
    [InlineData("_text=REST sleep", true)]
    [InlineData("_text=cafe", true)]
    [InlineData("_text=walks", false)]
    [InlineData("_text=hidden", false)] // a tag says nothing
    [InlineData("_text=div", false)]
    [InlineData("_text=sle", false)] // a whole word
    [InlineData("_text=nothing,sleep", true)]
    [InlineData("_content=sleep", true)]
    [InlineData("_content=long mood hart", true)]
    [InlineData("_content=long mood nothing", false)]
    [InlineData("_content=swim", true)]
    [InlineData("_content=active", true)]
    [InlineData("_content=generated", false)]
    [InlineData("_content=secretid", false)]
    [InlineData("_content=tagged", false)]
    [InlineData("_content=uriword", false)]
    [InlineData("_content=nothing,mood sleep", true)]
    public void Finds_whole_words(string query, bool isFound) => Assert.Equal(isFound, Given.Finds($"CarePlan?{query}", Plan));

    [Theory]
    [InlineData("CarePlan", "_text=***")]
    [InlineData("CarePlan", "_content=a,,b")]
    [InlineData("CarePlan", "_text:exact=a")]
    [InlineData("Binary", "_text=a")]
    [InlineData("Task", "patient._content=a,,b")]
    [InlineData("Task", "_filter=_content eq a")]
    public void Refuses(string type, string query)
    {
        var report = new Report();
        Assert.Null(Given.Parser.Parse(type, query, report, withChains: true));
        Assert.NotEmpty(report.Issues[0].Text);
    }

    [Fact]
    public void A_long_word_cannot_be_asked()
    {
        Assert.Null(Given.Parser.Parse("CarePlan", "_content=" + new string('a', 65), new Report(), withChains: true));
        Assert.NotNull(Given.Parser.Parse("CarePlan", "_content=" + new string('a', 64), new Report(), withChains: true));
    }
}
