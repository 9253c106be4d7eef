using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Guide;

namespace FhirCarePlan.Server.Tests.Guide;

public class HtmlTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>",
        "<p title=\"&lt;script&gt;alert(1)&lt;/script&gt;\">&lt;script&gt;alert(1)&lt;/script&gt;</p>")]
    [InlineData("\" onclick=\"x", "<p title=\"&quot; onclick=&quot;x\">&quot; onclick=&quot;x</p>")]
    [InlineData("a & b's", "<p title=\"a &amp; b&#39;s\">a &amp; b&#39;s</p>")]
    [InlineData(null, "<p title=\"\"></p>")]
    public void What_stands_in_a_hole_is_never_markup(string? content, string expected) =>
        Assert.Equal(expected, Html.Of($"<p title=\"{content}\">{content}</p>").ToString());

    [Fact]
    public void A_part_that_is_Html_stays_as_it_is()
    {
        var page = new Html();
        page.Add($"<ul>{Html.Of($"<li>{"<"}{7}</li>")}</ul>");
        Assert.Equal("<ul><li>&lt;7</li></ul>", page.ToString());
    }
}
