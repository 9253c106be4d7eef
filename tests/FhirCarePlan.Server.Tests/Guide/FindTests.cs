using System.Net;
using System.Text.RegularExpressions;

namespace FhirCarePlan.Server.Tests.Guide;

/// <summary>Text search over the guide.</summary>
public sealed partial class FindTests(SampleServer server) : IClassFixture<SampleServer>
{
    private async Task<(string Page, List<string> Addresses)> Find(string question)
    {
        var page = await server.Process.Anonymous.GetStringAsync($"profiles/find?q={Uri.EscapeDataString(question)}");
        return (page, [.. Hit().Matches(page).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value))]);
    }

    [Theory]
    [InlineData("cpa-cp-4", "/profiles/CPA-CarePlan#cpa-cp-4")]
    [InlineData("CRISIS plan", "/profiles/CPA-CrisisPlan")]
    [InlineData("crisis-plan", "/profiles/CPA-CrisisPlan")]
    [InlineData("if-match", "/profiles/changes")]
    [InlineData("Härbour homes", "/profiles/agreement#party-homes")]
    [InlineData("subsetted", "/profiles/errors#issue-subsetted")]
    [InlineData("audience", "/profiles/security")]
    [InlineData("personal independence", "/profiles/samples/valid/CPA-Benefits/personal-independence-payment")]
    [InlineData("next-review", "/profiles/search#CPA-CarePlan-next-review")]
    public async Task Finds_the_place_and_every_place_it_finds_is_there(string question, string address)
    {
        var (_, found) = await Find(question);
        Assert.Contains(address, found);
        foreach (var hit in found)
        {
            var page = await server.Process.Anonymous.GetStringAsync(hit.Split('#')[0]);
            if (hit.Split('#') is [_, var part]) Assert.Contains($"id=\"{WebUtility.HtmlEncode(part)}\"", page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("crisis plan", "/profiles/CPA-CrisisPlan")]
    [InlineData("errors", "/profiles/errors")]
    [InlineData("cpa-cp-4", "/profiles/CPA-CarePlan#cpa-cp-4")]
    public async Task The_best_place_comes_first_and_no_page_floods_the_rest(string question, string first)
    {
        var (_, found) = await Find(question);
        Assert.Equal(first, found[0]);
        Assert.True(found.Select(f => f.Split('#')[0]).Distinct().Count() > 1);
    }

    [Theory]
    [InlineData("zyzzyva")]
    [InlineData("crisis zyzzyva")]
    public async Task Says_when_nothing_has_all_words(string question)
    {
        var (page, found) = await Find(question);
        Assert.Empty(found);
        Assert.Contains("Nothing in this guide has all of these words.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_stays_a_text_and_a_long_one_costs_no_more()
    {
        var (page, _) = await Find("\"><script>alert(1)</script>");
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Contains("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\"", page, StringComparison.Ordinal);
        Assert.True((await Find("the")).Addresses.Count <= Server.Guide.GuideIndex.MostHits);
        Assert.NotEmpty((await Find("plan " + new string('x', 3000))).Page);
        Assert.Equal(HttpStatusCode.OK, (await server.Process.Anonymous.GetAsync("profiles/find?q=a&q=b")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Process.Anonymous.GetAsync("profiles/find?q=%00%ff")).StatusCode);
    }

    [GeneratedRegex("<li><a href=\"([^\"]*)\">[^<]*</a><p>")]
    private static partial Regex Hit();
}
