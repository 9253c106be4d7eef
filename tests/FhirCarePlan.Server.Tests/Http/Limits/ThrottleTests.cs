using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Http.Limits;

/// <summary>One caller's load is not felt by another, and is on record without filling the record.</summary>
public class ThrottleTests
{
    [Fact]
    public async Task Who_asks_too_much_waits_and_nobody_else_does()
    {
        await using var server =
            await ServerProcess.Start(new Dictionary<string, string> { ["Limits:UnitsPerSecond"] = "1", ["Limits:Burst"] = "20" });
        var (greedy, other) = (await server.As("care-coordinator"), await server.As("gp"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => greedy.GetAsync("CarePlan/robin-plan")));
        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.InRange(refused.Count, 10, 50);
        Assert.All(refused, a => Assert.InRange(a.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60));
        var outcome = JsonNode.Parse(await refused[0].Content.ReadAsStringAsync())!;
        Assert.Equal(("OperationOutcome", "throttled"), ((string?)outcome["resourceType"], (string?)outcome["issue"]![0]!["code"]));
        Assert.Equal(HttpStatusCode.OK, (await other.Get("CarePlan/robin-plan")).Status);
        // Another purpose of the same client is the same client.
        using var again = new HttpClient { BaseAddress = server.Fhir };
        again.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.Token("care-coordinator"));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await again.Get("CarePlan/robin-plan")).Status);
    }

    [Fact]
    public async Task An_address_without_a_token_has_little_and_takes_nothing_from_those_with_one()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Limits:AnonymousUnitsPerSecond"] = "1" });
        var known = await server.As("care-coordinator");
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => server.Anonymous.GetAsync("fhir/CarePlan/robin-plan")));
        Assert.Contains(answers, a => a.StatusCode == HttpStatusCode.Unauthorized);
        Assert.Contains(answers, a => a.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.OK, (await known.Get("CarePlan/robin-plan")).Status);
    }

    [Fact]
    public async Task Size_is_charged()
    {
        await using var server =
            await ServerProcess.Start(new Dictionary<string, string> { ["Limits:UnitsPerSecond"] = "1", ["Limits:Burst"] = "40" });
        var client = await server.As("care-coordinator");
        var entry = """{"request":{"method":"GET","url":"CarePlan/robin-plan"}}""";
        var batch = $$"""{"resourceType":"Bundle","type":"batch","entry":[{{string.Join(',', Enumerable.Repeat(entry, 40))}}]}""";
        Assert.Equal(HttpStatusCode.OK, (await client.Post("", batch)).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.Post("", batch)).Status);
    }

    [Fact]
    public async Task A_client_has_some_heavy_requests_at_a_time_and_light_ones_besides()
    {
        await using var server =
            await ServerProcess.Start(new Dictionary<string, string> { ["Limits:HeavyPerClient"] = "1", ["Limits:WaitSeconds"] = "1" });
        var (client, other) = (await server.As("care-coordinator"), await server.As("gp"));
        using var release = new SemaphoreSlim(0);
        // A bundle whose body does not end yet holds the client's place, and no one's besides.
        var slow = client.PostAsync("", new SlowBody("""{"resourceType":"Bundle","type":"batch"}""", release));
        await Until(async () => (await client.Post("", """{"resourceType":"Bundle","type":"batch"}"""))
            .Status == HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.OK, (await client.Get("CarePlan/robin-plan")).Status);
        Assert.Equal(HttpStatusCode.OK, (await other.Post("", """{"resourceType":"Bundle","type":"batch"}""")).Status);
        release.Release();
        Assert.Equal(HttpStatusCode.OK, (await slow).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.Post("", """{"resourceType":"Bundle","type":"batch"}""")).Status);
    }

    [Fact]
    public async Task An_answer_that_would_be_too_large_is_none()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Limits:AnswerBytes"] = "40000" });
        var client = await server.As("care-coordinator");
        Assert.Equal(HttpStatusCode.OK, (await client.Get("CarePlan/robin-plan")).Status);
        var search = await client.Get("CarePlan?_include=*&_revinclude=Condition:subject&_revinclude=CareTeam:subject&_include:iterate=*");
        if (search.Status != HttpStatusCode.RequestEntityTooLarge) search = await client.Get("CarePlan?_include=*&_count=100");
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too-costly"), (search.Status, (string?)search.Json["issue"]![0]!["code"]));

        var entry = """{"request":{"method":"GET","url":"CarePlan/robin-plan"}}""";
        string Bundle(string type) =>
            $$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{{string.Join(',', Enumerable.Repeat(entry, 20))}}]}""";
        var batch = await client.Post("", Bundle("batch"));
        Assert.Equal(HttpStatusCode.OK, batch.Status);
        Assert.Equal("200", (string?)batch.Entries[0]["response"]!["status"]);
        Assert.Equal("413", (string?)batch.Entries[^1]["response"]!["status"]);
        Assert.InRange(batch.Body.Length, 40_000, 80_000);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await client.Post("", Bundle("transaction"))).Status);
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        for (var tries = 0; !await holds(); tries++) Assert.True(tries < 50);
    }

    private sealed class SlowBody : HttpContent
    {
        private readonly byte[] bytes;
        private readonly SemaphoreSlim release;

        public SlowBody(string text, SemaphoreSlim release)
        {
            (bytes, this.release) = (System.Text.Encoding.UTF8.GetBytes(text), release);
            Headers.ContentType = new MediaTypeHeaderValue("application/fhir+json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(bytes.AsMemory(0, 10));
            await stream.FlushAsync();
            await release.WaitAsync();
            await stream.WriteAsync(bytes.AsMemory(10));
        }

        protected override bool TryComputeLength(out long length) => (length = bytes.Length) > 0;
    }
}
