using System.Net;
using System.Text.RegularExpressions;

namespace FhirCarePlan.Server.Tests.Guide;

/// <summary>The whole guide as a reader without a token clicks through it.</summary>
public sealed partial class GuideLinksTests(SampleServer server) : IClassFixture<SampleServer>
{
    [Fact]
    public async Task Every_link_leads_somewhere()
    {
        var pages = new Dictionary<string, string>();
        var wanted = new List<(string From, string Address)> { ("", "/profiles") };
        var broken = new List<string>();
        for (var i = 0; i < wanted.Count; i++)
        {
            var (from, address) = wanted[i];
            var page = address.Split('#')[0];
            if (pages.ContainsKey(page)) continue;
            using var answer = await server.Process.Anonymous.GetAsync(page);
            var isPage = answer.Content.Headers.ContentType?.MediaType == "text/html";
            var text = isPage ? await answer.Content.ReadAsStringAsync() : "";
            if (answer.StatusCode != HttpStatusCode.OK) broken.Add($"{from} → {address}: {(int)answer.StatusCode}");
            pages[page] = text;
            if (!isPage) continue;
            Assert.DoesNotMatch("<script|<style| style=| on[a-z]+=\"", text);
            wanted.AddRange(Links().Matches(text).Select(m => m.Groups[1].Value).Select(a => WebUtility.HtmlDecode(a))
                .Select(a => (page, a.StartsWith('#') ? page + a : a))
                .Where(l => l.Item2.StartsWith('/')));
            Assert.All(Links().Matches(text).Select(m => m.Groups[1].Value),
                a => Assert.Matches("^(/(profiles|sharing|fhir/metadata)|#|https://hl7\\.org/fhir/R4/|data:,$)", a));
        }
        broken.AddRange(from link in wanted.Distinct()
                        let anchor = link.Address.Split('#')
                        where anchor.Length == 2
                            && !pages[anchor[0]].Contains($"id=\"{WebUtility.HtmlEncode(anchor[1])}\"", StringComparison.Ordinal)
                        select $"{link.From} → {link.Address}: no such part");
        Assert.Equal([], broken);
        Assert.True(pages.Count > 900, $"{pages.Count} pages"); // 36 profiles, 38 extensions, 80 lists of codes, 740 samples, and all of it as data
    }

    [Theory]
    [InlineData("profiles/nobody")]
    [InlineData("profiles/samples/valid/CPA-CarePlan/nobody")]
    [InlineData("profiles/samples/expectations.json")]
    [InlineData("profiles/samples/partnership/index.json")]
    [InlineData("profiles/..%2fappsettings.json")]
    [InlineData("profiles/samples/..%2f..%2fappsettings.json")]
    [InlineData("profiles/%3Cscript%3E")]
    public async Task What_was_not_listed_is_not_there(string address)
    {
        using var answer = await server.Process.Anonymous.GetAsync(address);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("<script>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("profiles", "text/html")]
    [InlineData("profiles/CPA-Consent", "text/html")]
    [InlineData("profiles/StructureDefinition-CPA-Consent.json", "application/fhir+json")]
    [InlineData("profiles/cpa.tgz", "application/gzip")]
    [InlineData("profiles/guide.css", "text/css")]
    public async Task A_browser_is_told_to_run_nothing_and_to_fetch_nothing_from_elsewhere(string address, string type)
    {
        using var answer = await server.Process.Anonymous.GetAsync(address);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("default-src 'none'; style-src 'self';", answer.Headers.GetValues("Content-Security-Policy")
            .Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Links();
}
