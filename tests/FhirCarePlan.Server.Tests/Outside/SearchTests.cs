using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>Search over HTTP: pages, links, totals, order, parts. https://hl7.org/fhir/R4/search.html</summary>
public class SearchTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private ServerProcess Server => samples.Process;
    private Task<HttpClient> Coordinator => Server.As("care-coordinator");

    private static string? Link(Heard page, string relation) =>
        page.Json["link"]!.AsArray().Where(l => (string?)l!["relation"] == relation).Select(l => (string?)l!["url"]).SingleOrDefault();

    private static string Goal(int n) =>
        $$$"""{"resourceType":"Goal","lifecycleStatus":"active","identifier":[{"system":"urn:test:pages","value":"{{{n}}}"}],"description":{"text":"Page {{{n}}}"},"subject":{"reference":"Patient/robin"}}""";

    [Theory]
    [InlineData("Goal?lifecycle-status=active&_count=7")]
    [InlineData("Goal?_sort=-_lastUpdated&_count=7")]
    [InlineData("Goal?_sort=target-date,-_id&_count=5")]
    [InlineData("Goal?_sort=lifecycle-status&_count=10&_total=none")]
    public async Task Pages_are_full_and_lose_nothing_while_others_write(string question)
    {
        var coordinator = await Coordinator;
        for (var n = 0; n < 20; n++) Assert.Equal(201, (int)(await coordinator.Post("Goal", Goal(n))).Status);
        var there = (await coordinator.Get("Goal?lifecycle-status=active&_count=1000")).Ids.ToHashSet();
        var count = int.Parse(question.Split("_count=")[1].Split('&')[0], System.Globalization.CultureInfo.InvariantCulture);
        var seen = new List<string>();
        var page = await coordinator.Get(question);
        while (true)
        {
            Assert.Equal(200, (int)page.Status);
            seen.AddRange(page.Ids);
            if (Link(page, "next") is not { } next) break;
            Assert.Equal(count, page.Ids.Count()); // only the last page may be short
            Assert.True(new Uri(next).Query.Length < 1024);
            await coordinator.Post("Goal", Goal(1000 + seen.Count));
            page = await coordinator.Get(next);
            Assert.True(seen.Count < 5000);
        }
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Empty(there.Except(seen));
    }

    [Fact]
    public async Task A_page_link_is_of_use_to_its_caller_alone()
    {
        var coordinator = await Coordinator;
        var next = Link(await coordinator.Get("Observation?status=final&_count=3"), "next")!;
        Assert.Equal(200, (int)(await coordinator.Get(next)).Status);
        Assert.Equal((await coordinator.Get(next)).Whole, (await coordinator.Get(next)).Whole);
        foreach (var persona in new[] { "psychiatrist", "gp", "housing-officer", "outsider", "person" })
            Assert.Equal(400, (int)(await (await Server.As(persona)).Get(next)).Status);
        var (address, token) = (next[..(next.IndexOf("_page=", StringComparison.Ordinal) + 6)],
            next[(next.IndexOf("_page=", StringComparison.Ordinal) + 6)..]);
        for (var at = 0; at < token.Length; at += 5)
            Assert.Equal(400, (int)(await coordinator.Get(address + token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..]))
                .Status);
        foreach (var forged in new[] { "", "A", new string('A', 40), token + token, token[..^4], "%00", new string('A', 3000) })
            Assert.Equal(400, (int)(await coordinator.Get(address + forged)).Status);
        foreach (var otherQuestion in new[] { next.Replace("Observation?", "Goal?", StringComparison.Ordinal),
            next.Replace("status=final", "status=amended", StringComparison.Ordinal),
            next.Replace("_count=3", "_count=4", StringComparison.Ordinal) })
            Assert.Equal(400, (int)(await coordinator.Get(otherQuestion)).Status);
    }

    [Fact]
    public async Task Two_purposes_of_one_caller_do_not_share_a_link()
    {
        await using var server = await ServerProcess.Start(OneOrganisation.Settings);
        var (care, operations) = (await server.As("system", "care"), await server.As("system", "operations"));
        for (var n = 0; n < 3; n++) await care.Post("Goal", Goal(n));
        var (next, own) = (Link(await care.Get("Goal?_count=1"), "next")!, Link(await operations.Get("Goal?_count=1"), "next")!);
        Assert.Equal((200, 400), ((int)(await care.Get(next)).Status, (int)(await care.Get(own)).Status));
        Assert.Equal((400, 200), ((int)(await operations.Get(next)).Status, (int)(await operations.Get(own)).Status));
    }

    [Fact]
    public async Task Counts_and_totals()
    {
        var coordinator = await Coordinator;
        var all = await coordinator.Get("Condition?_count=1000");
        Assert.Equal(all.Entries.Count, all.Total);
        foreach (var question in new[] { "Condition?_count=0", "Condition?_summary=count" })
        {
            var counted = await coordinator.Get(question);
            Assert.Equal((all.Total, 0), (counted.Total, counted.Entries.Count));
            Assert.Null(Link(counted, "next"));
        }
        var none = await coordinator.Get("Condition?_total=none");
        Assert.Null(none.Json["total"]);
        Assert.Equal(all.Entries.Count, none.Entries.Count);
        Assert.Equal(all.Total, (await coordinator.Get("Condition?_total=accurate&_count=1")).Total);
        Assert.Equal(1000, (await coordinator.Get("Condition?_count=100000")).Json["link"]![0]!["url"]!.ToString().Split("_count=")[1].Length switch { 4 => 1000, _ => 0 }); // the self link says what was done
        Assert.All(new[] { all, none }, b => Assert.True(b.Json["id"] is null && b.Json["meta"] is null && b.Json["timestamp"] is null));
    }

    [Fact]
    public async Task Sorts_both_ways_with_ties_by_id()
    {
        var coordinator = await Coordinator;
        foreach (var (key, element) in new[] { ("recorded-date", "recordedDate"), ("onset-date", "onsetDateTime") })
        {
            var up = (await coordinator.Get($"Condition?_sort={key}")).Entries.Select(e => (string?)e["resource"]![element])
                .OfType<string>().ToList();
            var down = (await coordinator.Get($"Condition?_sort=-{key}")).Entries.Select(e => (string?)e["resource"]![element])
                .OfType<string>().ToList();
            Assert.Equal(up.Order(StringComparer.Ordinal), up);
            Assert.Equal(down.OrderDescending(StringComparer.Ordinal), down);
            Assert.NotEmpty(up);
        }
        var ids = (await coordinator.Get("Observation?_sort=status&_count=1000")).Ids.ToList();
        Assert.Equal((await coordinator.Get("Observation?_sort=status,_id&_count=1000")).Ids, ids);
    }

    [Fact]
    public async Task Includes_bring_what_the_caller_may_see_once_and_marked()
    {
        var coordinator = await Coordinator;
        var found =
            await coordinator.Get("CarePlan?_id=robin-plan&_include=CarePlan:subject&_include=CarePlan:care-team&_revinclude=CarePlan:part-of");
        Assert.Equal(1, found.Total);
        Assert.Equal(["match"], found.Entries.Where(e => (string)e["resource"]!["id"]! == "robin-plan")
            .Select(e => (string)e["search"]!["mode"]!));
        var keys = found.Entries.Select(e => $"{(string)e["resource"]!["resourceType"]!}/{(string)e["resource"]!["id"]!}").ToList();
        Assert.Equal(keys.Distinct(), keys);
        Assert.Contains("Patient/robin", keys);
        Assert.Contains("CareTeam/robin-team", keys);
        foreach (var persona in new[] { "housing-officer", "gp", "person", "carer", "social-worker", "voluntary-worker", "outsider" })
        {
            var client = await Server.As(persona);
            foreach (var entry in (await client.Get("Patient?_include=*&_revinclude=CarePlan:subject&_revinclude=Condition:subject&_revinclude=Consent:patient&_revinclude=Observation:subject&_count=1000")).Entries)
            {
                var key = $"{(string)entry["resource"]!["resourceType"]!}/{(string)entry["resource"]!["id"]!}";
                var read = await client.Get(key);
                Assert.True((int)read.Status == 200, $"{persona} is brought {key}, which it cannot read");
                Assert.Equal(read.Body, entry["resource"]!.ToJsonString(Plain));
            }
        }
    }

    private static readonly System.Text.Json.JsonSerializerOptions Plain =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task A_part_is_marked_as_one_and_valid()
    {
        var coordinator = await Coordinator;
        foreach (var part in new[] { "_elements=title,goal", "_summary=true", "_summary=text", "_summary=data" })
            foreach (var url in new[] { $"CarePlan?{part}", $"CarePlan/robin-plan?{part}" })
            {
                var answer = await coordinator.Get(url);
                Assert.Equal(200, (int)answer.Status);
                foreach (var resource in url.Contains('/', StringComparison.Ordinal)
                    ? [answer.Json] : answer.Entries.Select(e => e["resource"]!.AsObject()))
                {
                    Assert.Contains(resource["meta"]!["tag"]!.AsArray(), t => (string?)t!["code"] == "SUBSETTED");
                    if (part.StartsWith("_elements", StringComparison.Ordinal)) Assert.Null(resource["activity"]);
                    Assert.NotNull(resource["status"]); // required elements stay
                }
            }
    }

    [Theory]
    [InlineData("Condition", "code=http://snomed.info/sct|58214004")]
    [InlineData("Condition", "_sort=-recorded-date&_count=2")]
    [InlineData("CarePlan", "status=active&_include=CarePlan:subject")]
    [InlineData("Patient", "name=ash&birthdate=ge1900")]
    public async Task Post_search_equals_get(string type, string query)
    {
        foreach (var persona in new[] { "care-coordinator", "housing-officer", "outsider" })
        {
            var client = await Server.As(persona);
            var form = string.Join('&', query.Split('&')
                .Select(p => $"{p.Split('=')[0]}={Uri.EscapeDataString(p[(p.IndexOf('=') + 1)..])}"));
            var posted = await client.Send("POST", $"{type}/_search", Encoding.UTF8.GetBytes(form), "application/x-www-form-urlencoded");
            var asked = await client.Send("GET", $"{type}?{form}");
            Assert.Equal((200, asked.Body), (posted.Status, posted.Body));
        }
        Assert.Equal(415, (await (await Coordinator).Send("POST", "Condition/_search", "{}"u8.ToArray())).Status);
    }

    [Fact]
    public async Task Lenient_handling_is_for_the_callers_own_filters_and_says_so()
    {
        var housing = await Server.As("housing-officer");
        Assert.Equal(400, (await housing.Send("GET", "CarePlan?colour=red")).Status);
        var lenient = await housing.Send("GET", "CarePlan?colour=red", null, null, "Prefer: handling=lenient");
        Assert.Equal(200, lenient.Status);
        var self = (string)lenient.Json["link"]![0]!["url"]!;
        Assert.DoesNotContain("colour", self);
        Assert.Equal("outcome", (string?)lenient.Json["entry"]!.AsArray()[^1]!["search"]!["mode"]);
        Assert.Equal((await housing.Get("CarePlan")).Total, (int)lenient.Json["total"]!);
    }
}
