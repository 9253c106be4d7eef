using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>History of one resource, of a type and of everything. https://hl7.org/fhir/R4/http.html#history, src/docs/sharing.md#versions-and-time</summary>
public sealed class HistoryTests : IAsyncLifetime
{
    private ServerProcess server = null!;
    private HttpClient trust = null!;

    public async Task InitializeAsync() => trust = await (server = await ServerProcess.Start()).As("care-coordinator");
    public async Task DisposeAsync() => await server.DisposeAsync();

    private const string Goal = """{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Walk each day"},"subject":{"reference":"Patient/robin"},"expressedBy":{"reference":"Patient/robin"}}""";

    /// <summary>Created, changed as often as said, and deleted in the end if said so.</summary>
    private async Task<string> Lived(int changes, bool isDeleted = false)
    {
        var id = (await trust.Post("Goal", Goal)).Id;
        for (var n = 0; n < changes; n++) Assert.Equal(200, (int)(await trust.Change($"Goal/{id}", g => g["description"]!["text"] = $"Walk {n}")).Status);
        if (isDeleted) Assert.Equal(204, (int)(await trust.Delete($"Goal/{id}")).Status);
        return id;
    }

    private static string Said(JsonObject entry) => $"{entry["request"]!["method"]} {entry["request"]!["url"]} {entry["response"]!["status"]}";
    private static string Version(JsonObject entry) => (string)entry["response"]!["etag"]!;
    private static DateTimeOffset Time(JsonObject entry) => DateTimeOffset.Parse((string)entry["response"]!["lastModified"]!, System.Globalization.CultureInfo.InvariantCulture);

    private static string? Next(Heard page) => Link(page, "next");
    private static string? Link(Heard page, string relation) => page.Json["link"]!.AsArray().Where(l => (string)l!["relation"]! == relation).Select(l => (string?)l!["url"]).SingleOrDefault();

    private async Task<List<JsonObject>> All(string url, HttpClient? client = null)
    {
        var all = new List<JsonObject>();
        for (string? next = url; next != null;)
        {
            var page = await (client ?? trust).Get(next);
            Assert.True((int)page.Status == 200, page.Body);
            Assert.Equal("history", (string?)page.Json["type"]);
            all.AddRange(page.Entries);
            next = Next(page);
        }
        return all;
    }

    [Fact]
    public async Task Of_one_resource_it_tells_what_was_done_to_it()
    {
        var id = await Lived(2, isDeleted: true);
        var entries = await All($"Goal/{id}/_history");
        Assert.Equal([$"DELETE Goal/{id} 204", $"PUT Goal/{id} 200", $"PUT Goal/{id} 200", "POST Goal 201"], entries.Select(Said));
        Assert.Null(entries[0]["resource"]);
        Assert.Equal(["Walk 1", "Walk 0", "Walk each day"], entries.Skip(1).Select(e => (string?)e["resource"]!["description"]!["text"]));
        foreach (var entry in entries.Skip(1))
        {
            var read = await trust.Get($"Goal/{id}/_history/{Version(entry)[3..^1]}");
            Assert.Equal(read.Body, entry["resource"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task Pages_follow_each_other_at_every_level(int count)
    {
        var id = await Lived(3, isDeleted: true);
        await Lived(1);
        foreach (var url in (string[])[$"Goal/{id}/_history", "Goal/_history", "_history"])
        {
            var whole = await All($"{url}?_count=1000");
            var paged = await All($"{url}?_count={count}");
            Assert.True(whole.Count >= 5);
            Assert.Equal(whole.Select(e => e.ToJsonString()), paged.Select(e => e.ToJsonString()));
            Assert.Equal(whole.Select(Time).OrderDescending(), whole.Select(Time));
            Assert.Equal(whole.Count, whole.DistinctBy(e => (Said(e), Version(e))).Count());
        }
    }

    [Fact]
    public async Task A_page_link_goes_on_where_it_was_whatever_is_written_meanwhile()
    {
        var id = await Lived(4);
        foreach (var url in (string[])[$"Goal/{id}/_history", "Goal/_history", "_history"])
        {
            var (whole, first) = (await All($"{url}?_count=1000"), await trust.Get($"{url}?_count=2"));
            await trust.Change($"Goal/{id}", g => g["description"]!["text"] = $"Meanwhile {url}");
            await Lived(1);
            var rest = await All(Next(first)!);
            Assert.Equal(whole.Skip(2).Select(Version), rest.Select(Version));
        }
    }

    [Fact]
    public async Task A_page_link_is_of_no_use_to_somebody_else_or_for_another_question()
    {
        await Lived(3);
        var next = Next(await trust.Get("Goal/_history?_count=2"))!;
        Assert.Equal(400, (int)(await (await server.As("gp")).Get(next)).Status);
        Assert.Equal(400, (int)(await trust.Get(next.Replace("Goal/_history", "Task/_history", StringComparison.Ordinal))).Status);
        Assert.Equal(400, (int)(await trust.Get(next.Replace("_count=2", "_count=3", StringComparison.Ordinal))).Status);
        Assert.Equal(400, (int)(await trust.Get(next[..^3] + "abc")).Status);
    }

    [Fact]
    public async Task Since_and_at_choose_by_time()
    {
        var id = await Lived(3, isDeleted: true);
        var all = await All($"Goal/{id}/_history");
        static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var url in (string[])[$"Goal/{id}/_history", "Goal/_history", "_history"])
        {
            async Task<List<string>> Mine(string query) => [.. (await All($"{url}?{query}")).Where(e => ((string?)e["fullUrl"])!.EndsWith(id, StringComparison.Ordinal)).Select(Version)];
            Assert.Equal(all.Take(3).Select(Version), await Mine($"_since={Text(Time(all[2]))}"));
            Assert.Empty(await Mine($"_since={Text(Time(all[0]).AddMilliseconds(1))}"));
            // What was current at that moment: the version of that time, and at the moment before, the one before.
            Assert.Equal([Version(all[2])], await Mine($"_at={Text(Time(all[2]))}"));
            Assert.Equal([Version(all[3])], await Mine($"_at={Text(Time(all[2]).AddMilliseconds(-1))}"));
            Assert.Equal(all.Select(Version), await Mine($"_at={Time(all[0]).UtcDateTime.Year}"));
            Assert.Empty(await Mine("_at=2001"));
            Assert.Equal(all.Take(2).Select(Version), await Mine($"_at={DateTimeOffset.UtcNow.Year}&_since={Text(Time(all[1]))}"));
        }
    }

    [Theory]
    [InlineData("_since=yesterday")]
    [InlineData("_at=gt2026")]
    [InlineData("_count=-1")]
    [InlineData("_count=x")]
    [InlineData("_since=2026&_since=2025")]
    [InlineData("_sort=_lastUpdated")]
    [InlineData("_colour=red")]
    [InlineData("_summary=count")]
    public async Task What_is_not_understood_is_refused_in_words(string query)
    {
        foreach (var url in (string[])["Goal/robin-goal-draw/_history", "Goal/_history", "_history"])
        {
            var answer = await trust.Send("GET", $"{url}?{query}");
            Assert.Equal(400, answer.Status);
            Assert.NotEmpty(answer.Said);
        }
        Assert.Equal(query == "_colour=red" || query.StartsWith("_sort", StringComparison.Ordinal) ? 200 : 400, (await trust.Send("GET", $"Goal/_history?{query}", null, null, "Prefer: handling=lenient")).Status);
    }

    [Fact]
    public async Task Parts_and_counts_are_as_asked()
    {
        var id = await Lived(1);
        foreach (var url in (string[])[$"Goal/{id}/_history", "Goal/_history", "_history"])
        {
            var part = (await trust.Get($"{url}?_elements=description&_count=1")).Entries.Single()["resource"]!;
            Assert.NotNull(part["description"]);
            Assert.Null(part["lifecycleStatus"] is null ? null : part["expressedBy"]);
            Assert.Contains("SUBSETTED", part.ToJsonString(), StringComparison.Ordinal);
            Assert.Empty((await trust.Get($"{url}?_count=0")).Entries);
        }
        Assert.Equal(2, (await trust.Get($"Goal/{id}/_history?_count=0")).Total);
    }

    /// <summary>Of a type that a caller sees in part, the history is what they can read: one version of each resource, as a read of it.</summary>
    [Theory]
    [InlineData("housing-officer")]
    [InlineData("gp")]
    [InlineData("person")]
    [InlineData("carer")]
    [InlineData("outsider")]
    public async Task Each_version_is_shown_as_the_read_of_that_version(string persona)
    {
        await Lived(2);
        await trust.Change("CarePlan/robin-plan", p => p["language"] = "en");
        var caller = await server.As(persona);
        foreach (var entry in await All("_history?_count=1000", caller))
        {
            var url = ((string)entry["fullUrl"]!)[(caller.BaseAddress!.ToString().Length)..];
            var read = await caller.Get($"{url}/_history/{Version(entry)[3..^1]}");
            if (entry["resource"] is null) Assert.Equal(410, (int)read.Status);
            else Assert.Equal(read.Json.ToJsonString(), entry["resource"]!.ToJsonString());
        }
        // And all that can be read is there, in its own history, in its type's and in everybody's.
        foreach (var type in (string[])["CarePlan", "Condition", "Goal", "Patient", "Task", "Consent"])
        {
            var ids = (await caller.Get($"{type}?_count=1000")).Entries.Where(e => (string?)e["search"]!["mode"] == "match").Select(e => $"{type}/{e["resource"]!["id"]}").ToList();
            Assert.Equal(ids.Order(), (await All($"{type}/_history?_count=1000", caller)).Where(e => e["resource"] != null).Select(e => $"{type}/{e["resource"]!["id"]}").Distinct().Order());
            foreach (var id in ids)
                Assert.Equal((await All($"{id}/_history", caller)).Select(e => e.ToJsonString()), (await All($"{type}/_history?_count=1000", caller)).Where(e => ((string)e["fullUrl"]!).EndsWith(id, StringComparison.Ordinal)).Select(e => e.ToJsonString()));
        }
    }

    /// <summary>A later change that a caller does not see must not show in how the version came to be: `POST` stays `POST`.</summary>
    [Fact]
    public async Task A_hidden_change_does_not_turn_a_creation_into_an_update()
    {
        var plan = Talk.SampleJson("tour/care-plan.json").AsNew();
        var made = await trust.Post("CarePlan", plan.ToJsonString());
        Assert.True((int)made.Status == 201, made.Body);
        var officer = await server.As("housing-officer");
        var seen = await officer.Get($"CarePlan/{made.Id}");
        Assert.Equal(200, (int)seen.Status);
        var before = new[] { (await officer.Get($"CarePlan/{made.Id}/_history")).Whole, (await officer.Get("CarePlan/_history")).Whole, (await officer.Get("_history")).Whole };
        Assert.Contains("POST", before[0], StringComparison.Ordinal);
        var changed = await trust.Change($"CarePlan/{made.Id}", p =>
        {
            foreach (var activity in p["activity"]!.AsArray())
                if ((string?)activity!["detail"]?["description"] is { } text && !seen.Body.Contains(text, StringComparison.Ordinal)) activity["detail"]!["description"] = text + " And more.";
        });
        Assert.Equal(200, (int)changed.Status);
        Assert.NotEqual(made.ETag, changed.ETag);
        Assert.Equal(before, new[] { (await officer.Get($"CarePlan/{made.Id}/_history")).Whole, (await officer.Get("CarePlan/_history")).Whole, (await officer.Get("_history")).Whole });
    }

    [Fact]
    public async Task Events_and_definitions_have_none()
    {
        Assert.Equal(404, (await trust.Send("GET", "AuditEvent/_history")).Status);
        Assert.DoesNotContain("AuditEvent", (await trust.Get("_history?_count=1000")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_bundle_it_is_as_alone_and_in_a_transaction_it_sees_what_was_written()
    {
        var alone = await trust.Get("Goal/_history?_count=3");
        var batch = await trust.Post("", Wire.Bundle("batch", Wire.Entry("GET", "Goal/_history?_count=3"), Wire.Entry("GET", "_history?_count=1")).ToJsonString());
        Assert.Equal(alone.Json.ToJsonString(), batch.Entries[0]["resource"]!.ToJsonString());
        var transaction = await trust.Post("", Wire.Bundle("transaction", Wire.Entry("POST", "Goal", JsonNode.Parse(Goal)!.AsObject()), Wire.Entry("GET", "Goal/_history?_count=1")).ToJsonString());
        var location = (string)transaction.Entries[0]["response"]!["location"]!;
        Assert.Contains((string)transaction.Entries[1]["resource"]!["entry"]![0]!["resource"]!["id"]!, location, StringComparison.Ordinal);
    }
}
