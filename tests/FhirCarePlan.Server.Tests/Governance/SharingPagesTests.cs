using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Tests.Governance;

/// <summary>The pages at `/sharing` as a guardian without a token asks for them, and as a stranger who means harm.</summary>
public sealed class SharingPagesTests(SampleServer server) : IClassFixture<SampleServer>
{
    private static readonly string Agreement = File.ReadAllText(Path.Combine(
        Places.From(AppContext.BaseDirectory, AppContext.BaseDirectory).Repository!, "profiles", "sharing", "rivelin-partnership.yaml"));

    private HttpClient Anonymous => server.Process.Anonymous;

    private async Task<(int Status, string Type, string Text)> Get(string address)
    {
        using var answer = await Anonymous.GetAsync(address);
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType ?? "", await answer.Content.ReadAsStringAsync());
    }

    private async Task<(int Status, string Text)> Send(string question, string draft, string type = "application/yaml")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(draft));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var answer = await Anonymous.PostAsync($"sharing/draft?format=json&{question}", content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("sharing", "Rivelin")]
    [InlineData("sharing/matrix", "housing-worker")]
    [InlineData("sharing/who-can-see", "Choose a category")]
    [InlineData("sharing/who-can-see?category=risk", "risk")]
    [InlineData("sharing/explain?party=homes&role=housing-worker&purpose=housing-support", "closed")]
    [InlineData("sharing/checks", "yaml-anchor")]
    [InlineData("sharing/draft", "<textarea")]
    public async Task Every_page_answers_without_script_and_under_the_strict_policy(string address, string says)
    {
        using var answer = await Anonymous.GetAsync(address);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(says, text, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script|<style| style=| on[a-z]+=\"", text);
        Assert.StartsWith("default-src 'none'; style-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task A_filter_leaves_what_it_names_and_all_of_it()
    {
        var all = JsonNode.Parse((await Get("sharing/matrix?format=json")).Text)!["rows"]!.AsArray();
        var homes = JsonNode.Parse((await Get("sharing/matrix?format=json&party=homes")).Text)!["rows"]!.AsArray();
        Assert.NotEmpty(homes);
        Assert.Equal(all.Where(r => (string)r!["party"]! == "homes").Select(r => r!.ToJsonString()).Order(), homes.Select(r => r!.ToJsonString()).Order());
        Assert.True(homes.Count < all.Count);
    }

    [Fact]
    public async Task The_same_lines_come_as_csv()
    {
        var (status, type, text) = await Get("sharing/who-can-see?category=risk&format=csv");
        Assert.Equal((200, "text/csv"), (status, type));
        var lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("party,role,purpose", lines[0], StringComparison.Ordinal);
        Assert.True(lines.Length > 1);
        Assert.All(lines[1..], line => Assert.Contains(",read,", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_can_see_is_the_matrix_of_reading_that_category()
    {
        var one = JsonNode.Parse((await Get("sharing/who-can-see?category=risk&format=json")).Text)!["rows"]!.ToJsonString();
        var other = JsonNode.Parse((await Get("sharing/matrix?category=risk&action=read&format=json")).Text)!["rows"]!.ToJsonString();
        Assert.Equal(other, one);
        Assert.NotEqual("[]", one);
    }

    [Theory]
    [InlineData("sharing/matrix?party=nobody", "`nobody` is not a party")]
    [InlineData("sharing/matrix?record=mine", "`mine` is not a record")]
    [InlineData("sharing/matrix?type=Nonsense", "`Nonsense` is not a resource type")]
    [InlineData("sharing/matrix?party=<script>", "&lt;script&gt;")]
    [InlineData("sharing/who-can-see?category=gossip", "`gossip` is not a category")]
    [InlineData("sharing/explain?party=homes&purpose=fun", "`fun` is not a purpose")]
    [InlineData("sharing/explain?party=homes&purpose=housing-support&tie=friend", "`friend` is not a tie")]
    [InlineData("sharing/checks?format=pdf", "`format` is html, json or csv")]
    public async Task An_unknown_name_is_said_and_never_read_as_nobody(string address, string says)
    {
        var (status, type, text) = await Get(address);
        Assert.Equal((400, "text/html"), (status, type));
        Assert.Contains(says, text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_shipped_agreement_as_a_draft_is_sound_and_changes_nothing()
    {
        var check = JsonNode.Parse((await Send("ask=check", Agreement)).Text)!;
        Assert.True((bool)check["sound"]!);
        var (status, text) = await Send("ask=diff", Agreement);
        var diff = JsonNode.Parse(text)!;
        Assert.Equal(200, status);
        Assert.False((bool)diff["widens"]!);
        Assert.Equal((0, 0), (diff["flips"]!.AsArray().Count, diff["other"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_draft_that_opens_more_is_said_to_widen()
    {
        var draft = Agreement.Replace("substance-misuse, physical-health, carer-information]\n    gateway: care",
            "substance-misuse, physical-health, carer-information, finance-benefits]\n    gateway: care", StringComparison.Ordinal);
        Assert.NotEqual(Agreement, draft);
        var (status, text) = await Send("ask=diff", draft);
        // A draft whose tests fail is read all the same.
        Assert.Equal(200, status);
        Assert.True((bool)JsonNode.Parse(text)!["widens"]!);
        Assert.All(JsonNode.Parse(text)!["flips"]!.AsArray(), f => Assert.Equal(("widens", "practice"), ((string)f!["change"]!, (string)f["party"]!)));
    }

    [Fact]
    public async Task A_form_asks_with_a_text_or_a_file()
    {
        using var pasted = new MultipartFormDataContent { { new StringContent(Agreement.Replace("\n", "\r\n", StringComparison.Ordinal)), "draft" }, { new StringContent("check"), "ask" } };
        using var first = await Anonymous.PostAsync("sharing/draft", pasted);
        Assert.Contains("It can be enforced.", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var file = new MultipartFormDataContent { { new StringContent(Agreement), "file", "a.yaml" }, { new StringContent("diff"), "ask" } };
        using var second = await Anonymous.PostAsync("sharing/draft", file);
        Assert.Contains("Nobody sees or may do anything else.", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Broken => new()
    {
        { "empty mapping", "{}" }, { "no mapping", "- a\n- b" }, { "not YAML", "a: [\"\n  b: }" }, { "tabs", "\ta: b" }, { "a list of lists", new string('[', 100_000) },
        { "open quotes", string.Join('\n', Enumerable.Range(0, 15_000).Select(i => $"a{i}: \"x")) },
        { "aliases that grow", "a: &a [x, x]\n" + string.Join('\n', Enumerable.Range(0, 500).Select(i => $"b{i}: &b{i} [*{(i == 0 ? "a" : $"b{i - 1}")}, *a]")) },
        { "control characters", "a: \u0001\u0002" }, { "many keys", string.Join('\n', Enumerable.Range(0, 15_000).Select(i => $"k{i}: 1")) },
        { "half of the agreement", Agreement[..(Agreement.Length / 2)] }, { "markup", "title: <script>alert(1)</script>\n<b>: 1" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_bad_draft_gets_its_issues(string what, string draft)
    {
        foreach (var (ask, wanted) in new[] { ("check", 200), ("diff", 422), ("matrix", 422) })
        {
            var (status, text) = await Patiently(() => Send($"ask={ask}", draft));
            Assert.True(wanted == status, $"{what}, {ask}: {status}");
            var answer = JsonNode.Parse(text)!;
            Assert.False((bool)answer["sound"]!);
            Assert.InRange(answer["issues"]!.AsArray().Count, 1, 501);
        }
    }

    [Fact]
    public async Task More_than_a_page_answers_is_refused_before_it_is_asked()
    {
        var parties = string.Concat(Enumerable.Range(0, 3_500).Select(i => $"  - id: p{i}\n    name: P{i}\n    sector: health\n"));
        var (status, text) = await Patiently(() => Send("ask=check", Agreement.Replace("\nparties:\n", $"\nparties:\n{parties}", StringComparison.Ordinal)));
        Assert.Equal(200, status);
        Assert.Contains("too-large", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Size_type_and_question_are_bounded()
    {
        Assert.Equal(413, (await Patiently(() => Send("ask=check", new string('#', 400 << 10)))).Status);
        Assert.Equal(413, (await Patiently(() => Send("ask=check", new string('#', 900 << 10)))).Status);
        Assert.Equal(415, (await Send("ask=check", "a: b", "application/json")).Status);
        Assert.Equal(400, (await Send("ask=check", "")).Status);
        Assert.Equal(400, (await Send("ask=sign", "a: b")).Status);
        Assert.Equal(400, (await Send("ask=check", "x", "multipart/form-data; boundary=b")).Status);
        Assert.Equal(400, (await Send("ask=check", "x", "multipart/form-data")).Status);
    }

    /// <summary>Asks again when the address is over its allowance, as a client should.</summary>
    private static async Task<(int Status, string Text)> Patiently(Func<Task<(int Status, string Text)>> ask)
    {
        for (var i = 0; i < 50; i++)
        {
            if (await ask() is { Status: not 429 } answer) return answer;
            await Task.Delay(500);
        }
        throw new TimeoutException("The allowance did not come back");
    }
}

/// <summary>One address asks more than its allowance.</summary>
public sealed class SharingPagesLimitTests
{
    [Fact]
    public async Task An_address_that_asks_too_much_is_told_when_to_come_back()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Limits:AnonymousUnitsPerSecond"] = "1" });
        var statuses = new List<int>();
        for (var i = 0; i < 30 && !statuses.Contains(429); i++)
        {
            using var answer = await server.Anonymous.GetAsync("sharing/checks");
            statuses.Add((int)answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        }
        Assert.Equal(200, statuses[0]);
        Assert.Equal(429, statuses[^1]);
    }
}
