using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Authentication;
using FhirCarePlan.Server.Guide.Suppliers;
using FhirCarePlan.Sharing;

namespace FhirCarePlan.Server.Tests.Guide;

/// <summary>The pages for suppliers as a supplier uses them: every call is run, every table is compared with what the server does.</summary>
public sealed partial class SupplierPagesTests(SampleServer server) : IClassFixture<SampleServer>
{
    private Task<string> Page(string name) => server.Process.Anonymous.GetStringAsync($"profiles/{name}");

    private static List<string> Codes(string html, Regex pattern) => [.. pattern.Matches(html).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value))];

    [Theory]
    [InlineData("start", 5)]
    [InlineData("views", 2)]
    public async Task Every_call_of_a_page_answers_as_the_page_says(string name, int calls)
    {
        var page = await Page(name);
        var (lines, shown) = (Codes(page, CallLine()), Codes(page, Shows()));
        Assert.Equal((calls, calls), (lines.Count, shown.Count));
        Assert.All(lines, l => Assert.Contains(server.Process.Fhir.Authority, l, StringComparison.Ordinal));
        const string mark = "--- next ---";
        // In one shell, one after the other, as somebody copies them.
        var answers = (await Bash(string.Join($"\necho; echo '{mark}'\n", lines))).Split(mark);
        for (var i = 0; i < calls; i++) Assert.Contains(shown[i], answers[i], StringComparison.Ordinal);
    }

    private static async Task<string> Bash(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true })!;
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return output;
    }

    [Fact]
    public async Task Every_search_of_the_page_on_search_finds_something_as_it_says()
    {
        var rows = SearchRow().Matches(await Page("search"));
        Assert.True(rows.Count > 8, $"{rows.Count} searches");
        var empty = new List<string>();
        foreach (Match row in rows)
        {
            var search = WebUtility.HtmlDecode(row.Groups[1].Value).Replace("[today]", "2026-11-21", StringComparison.Ordinal);
            var who = row.Groups[2].Success ? row.Groups[2].Value : null;
            var bundle = await (await server.Process.As(who ?? "care-coordinator")).GetFromJsonAsync<JsonElement>(search);
            Assert.Equal("searchset", bundle.GetProperty("type").GetString());
            var isEmpty = (bundle.TryGetProperty("entry", out var entries) ? entries.GetArrayLength() : bundle.GetProperty("total").GetInt32()) == 0;
            if (isEmpty != who is null) empty.Add(search);
        }
        Assert.Equal([], empty);
    }

    [Fact]
    public async Task Every_refusal_of_a_token_is_said_as_the_page_says()
    {
        var page = WebUtility.HtmlDecode(await Page("security"));
        Assert.All(Enum.GetValues<TokenFault>().Except([TokenFault.Unmapped, TokenFault.Ambiguous]), f => Assert.Contains($">{f}</th>", page, StringComparison.Ordinal));
        foreach (var authorization in new[] { null, "Basic x", "Bearer x", $"Bearer {await server.Process.Token("gp")}x" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "fhir/CarePlan");
            if (authorization != null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var answer = await server.Process.Anonymous.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            var outcome = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Contains(outcome.GetProperty("issue")[0].GetProperty("diagnostics").GetString()!, page, StringComparison.Ordinal);
        }
        // A token in an address is not read.
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Process.Anonymous.GetAsync($"fhir/CarePlan?access_token={await server.Process.Token("gp")}")).StatusCode);
    }

    [Fact]
    public async Task The_marks_of_a_partial_view_are_those_of_the_page()
    {
        var page = WebUtility.HtmlDecode(await Page("views"));
        var meta = (await (await server.Process.As("housing-officer")).GetFromJsonAsync<JsonElement>("CarePlan/robin-plan")).GetProperty("meta");
        foreach (var (mark, of) in new[] { ("REDACTED", "security"), ("SUBSETTED", "tag") })
        {
            var coding = meta.GetProperty(of).EnumerateArray().Single(c => c.GetProperty("code").GetString() == mark);
            Assert.Contains($"<code>meta.{of}</code>, system <code>{coding.GetProperty("system").GetString()}</code>", page, StringComparison.Ordinal);
        }
        var notice = meta.GetProperty("extension").EnumerateArray().Single();
        Assert.Contains(notice.GetProperty("url").GetString()!, page, StringComparison.Ordinal);
        var categories = notice.GetProperty("extension").EnumerateArray().Where(e => e.GetProperty("url").GetString() == "category").Select(e => e.GetProperty("valueCode").GetString()!).ToList();
        Assert.NotEmpty(categories);
        Assert.All(categories, c => Assert.Contains($"id=\"category-{c}\"", page, StringComparison.Ordinal));
    }

    /// <summary>What the pages on views and on changes say of changing what was read.</summary>
    [Fact]
    public async Task Changing_a_part_or_without_its_version_is_refused_as_the_pages_say()
    {
        async Task<HttpResponseMessage> Put(string persona, string read, string? version)
        {
            var client = await server.Process.As(persona);
            using var seen = await client.GetAsync(read);
            using var request = new HttpRequestMessage(HttpMethod.Put, "CarePlan/robin-plan") { Content = new StringContent(await seen.Content.ReadAsStringAsync(), null, "application/fhir+json") };
            if (version != null) request.Headers.TryAddWithoutValidation("If-Match", version == "read" ? seen.Headers.ETag!.ToString() : version);
            return await client.SendAsync(request);
        }

        async Task<string> Key(HttpResponseMessage answer) =>
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("issue")[0].GetProperty("details").GetProperty("coding")[0].GetProperty("code").GetString()!;

        Assert.Equal(HttpStatusCode.Forbidden, (await Put("housing-officer", "CarePlan/robin-plan", "read")).StatusCode);
        using var part = await Put("care-coordinator", "CarePlan/robin-plan?_elements=title", "read");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "subsetted"), (part.StatusCode, await Key(part)));
        Assert.Equal(428, (int)(await Put("care-coordinator", "CarePlan/robin-plan", null)).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Put("care-coordinator", "CarePlan/robin-plan", "W/\"other\"")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await (await server.Process.As("outsider")).GetAsync("CarePlan/robin-plan")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await (await server.Process.As("outsider")).GetAsync("CarePlan/never-was-one")).StatusCode);
    }

    [Fact]
    public async Task The_page_on_errors_has_every_refusal_and_every_rule_with_what_to_do()
    {
        Assert.Equal(Enum.GetValues<AnswerKind>().Where(k => k > AnswerKind.NotModified), StatusTexts.All.Select(t => t.Kind));
        var page = await Page("errors");
        Assert.All(Enum.GetValues<AnswerKind>().Where(k => k > AnswerKind.NotModified), k => Assert.Contains($"id=\"status-{k}\"", page, StringComparison.Ordinal));
        Assert.All(new Care.Rules(true, null).All, r => Assert.Contains($"<code>{r.Id}</code>", page, StringComparison.Ordinal));
        Assert.Contains("/profiles/CPA-CarePlan#cpa-cp-4\"><code>cpa-cp-4</code>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_on_the_agreement_names_every_party_purpose_and_rule_and_no_person()
    {
        var page = await Page("agreement");
        var protocol = ProtocolFolder.Load(Path.Combine(AppContext.BaseDirectory, "profiles", "sharing", "rivelin-partnership.yaml"), new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero)).Protocol!;
        Assert.All(protocol.Parties, p => Assert.Contains($"id=\"party-{p.Id}\"", page, StringComparison.Ordinal));
        Assert.All(protocol.Purposes, p => Assert.Contains($"id=\"purpose-{p.Id}\"", page, StringComparison.Ordinal));
        Assert.All(protocol.Rules, r => Assert.Contains(WebUtility.HtmlEncode(r.Plain), page, StringComparison.Ordinal));
        Assert.All(protocol.Gateways, g => Assert.Contains($"id=\"basis-{g.Id}\"", page, StringComparison.Ordinal));
        Assert.Contains(protocol.Hash, page, StringComparison.Ordinal);
        Assert.DoesNotContain(protocol.Signatures, s => page.Contains(s.Name, StringComparison.Ordinal));
        Assert.DoesNotContain(protocol.Parties.SelectMany(p => p.Officers.Values), o => page.Contains(o, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_on_changes_has_the_versions_in_use_and_every_change_that_a_client_notices()
    {
        var page = WebUtility.HtmlDecode(await Page("changes"));
        var metadata = await server.Process.Anonymous.GetFromJsonAsync<JsonElement>("fhir/metadata");
        Assert.Contains($"<dd>{metadata.GetProperty("software").GetProperty("version").GetString()},", page, StringComparison.Ordinal);
        Assert.Contains("<code>cpa.fhir#0.1.0</code>", page, StringComparison.Ordinal);
        var changes = File.ReadLines(Path.Combine(Repository(), "src/docs/CHANGELOG.md")).SkipWhile(l => l != "### What a client notices").Skip(1)
            .TakeWhile(l => !l.StartsWith('#')).Count(l => l.StartsWith("- ", StringComparison.Ordinal));
        Assert.Equal(changes, ChangeLog.Releases[0].Client.Count);
        Assert.Contains("<li><code>$expand</code>, <code>$validate-code</code>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a [link](https://x.example/y) and `code`", "a link and <code>code</code>")]
    [InlineData("``dom-6: (`text`)`` <b>", "<code>dom-6: (`text`)</code> &lt;b&gt;")]
    public void A_change_is_shown_with_its_code_and_without_its_links(string written, string shown) => Assert.Equal(shown, ChangeLog.Marked(written).ToString());

    private static string Repository() => Server.Settings.Places.From(AppContext.BaseDirectory, AppContext.BaseDirectory).Repository!;

    [GeneratedRegex("<pre class=\"call\"[^>]*><code>(.*?)</code></pre>", RegexOptions.Singleline)]
    private static partial Regex CallLine();

    [GeneratedRegex("<code class=\"shows\">(.*?)</code>")]
    private static partial Regex Shows();

    [GeneratedRegex(@"<code>GET \[base\]/([^<]*)</code></div></td><td[^>]*><div>(?:<code>([a-z-]+)</code>|nobody)")]
    private static partial Regex SearchRow();
}
