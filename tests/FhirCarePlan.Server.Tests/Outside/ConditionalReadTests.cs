using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>304 only where the view is certain to be the one it was. https://hl7.org/fhir/R4/http.html#cread,
/// src/docs/sharing.md#versions-and-time</summary>
public class ConditionalReadTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private const string Plan = "CarePlan/robin-plan";

    private static Task<Reply> Get(HttpClient client, string url, params string[] headers) => client.Send("GET", url, null, null, headers);

    [Fact]
    public async Task By_version()
    {
        var trust = await samples.Process.As("care-coordinator");
        var tag = (await trust.Get(Plan)).ETag!;
        var same = await Get(trust, Plan, $"If-None-Match: {tag}");
        Assert.Equal((304, "", tag), (same.Status, same.Body, same.Header("ETag")));
        Assert.NotNull(same.Header("Last-Modified"));
        foreach (var tags in (string[])[$"W/\"x\", {tag}", tag[2..], "*", $"\"x\",{tag[2..]}"]) Assert.Equal(304, (await Get(trust, Plan, $"If-None-Match: {tags}")).Status);
        foreach (var tags in (string[])["W/\"x\"", "", "\"\"", tag.ToUpperInvariant() + "x"]) Assert.Equal(200, (await Get(trust, Plan, $"If-None-Match: {tags}")).Status);
        Assert.Equal(304, (await trust.Send("HEAD", Plan, null, null, $"If-None-Match: {tag}")).Status);
        // A part is not the whole that the client has.
        Assert.Equal(200, (await Get(trust, $"{Plan}?_elements=status", $"If-None-Match: {tag}")).Status);
        Assert.Equal(404, (await Get(trust, "CarePlan/never-was-one", "If-None-Match: *")).Status);
        Assert.Equal(200, (await Get(trust, "CarePlan?_id=robin-plan", $"If-None-Match: {tag}")).Status);
    }

    [Fact]
    public async Task By_time()
    {
        var trust = await samples.Process.As("care-coordinator");
        var now = await Get(trust, Plan);
        Assert.Equal(304, (await Get(trust, Plan, $"If-Modified-Since: {now.Header("Last-Modified")}")).Status);
        Assert.Equal(304, (await Get(trust, Plan, $"If-Modified-Since: {DateTimeOffset.UtcNow.AddDays(1):R}")).Status);
        Assert.Equal(200, (await Get(trust, Plan, $"If-Modified-Since: {DateTimeOffset.UtcNow.AddYears(-1):R}")).Status);
        Assert.Equal(200, (await Get(trust, Plan, "If-Modified-Since: yesterday")).Status);
        // The tag counts, not the time.
        Assert.Equal(200, (await Get(trust, Plan, "If-None-Match: W/\"x\"", $"If-Modified-Since: {now.Header("Last-Modified")}")).Status);
    }

    [Fact]
    public async Task Two_versions_of_one_second_are_not_the_same()
    {
        var trust = await samples.Process.As("care-coordinator");
        var goal = """{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Draw"},"subject":{"reference":"Patient/robin"}}""";
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var first = await trust.Send("POST", "Goal", System.Text.Encoding.UTF8.GetBytes(goal));
            var id = (string)first.Json["id"]!;
            var second = await trust.Send("PUT", $"Goal/{id}", System.Text.Encoding.UTF8.GetBytes(goal.Replace("{\"resourceType\":\"Goal\"", $"{{\"resourceType\":\"Goal\",\"id\":\"{id}\"", StringComparison.Ordinal)));
            if (first.Header("Last-Modified") != second.Header("Last-Modified")) continue;
            Assert.Equal(200, (await Get(trust, $"Goal/{id}", $"If-Modified-Since: {first.Header("Last-Modified")}")).Status);
            Assert.Equal(200, (await Get(trust, $"Goal/{id}", $"If-None-Match: {first.Header("ETag")}")).Status);
            Assert.Equal(304, (await Get(trust, $"Goal/{id}", $"If-None-Match: {second.Header("ETag")}")).Status);
            return;
        }
        Assert.Fail("no two versions in one second");
    }

    /// <summary>What others hold may have been seen otherwise under the same version: by a tie or a Consent that came or went.</summary>
    [Theory]
    [InlineData("gp")]
    [InlineData("housing-officer")]
    [InlineData("social-worker")]
    [InlineData("person")]
    public async Task Nobody_else_is_told_that_nothing_changed(string persona)
    {
        var client = await samples.Process.As(persona);
        var now = await Get(client, Plan);
        Assert.Equal(200, now.Status);
        foreach (var header in (string[])[$"If-None-Match: {now.Header("ETag")}", "If-None-Match: *", $"If-Modified-Since: {now.Header("Last-Modified")}", $"If-Modified-Since: {DateTimeOffset.UtcNow.AddDays(1):R}"])
            Assert.Equal((200, now.Body), ((await Get(client, Plan, header)).Status, (await Get(client, Plan, header)).Body));
        var outsider = await samples.Process.As("outsider");
        Assert.Equal(404, (await Get(outsider, Plan, $"If-None-Match: {now.Header("ETag")}")).Status);
    }

    [Fact]
    public async Task A_restart_on_the_same_agreement_keeps_it_and_another_agreement_ends_it()
    {
        await using var server = await ServerProcess.Start();
        var tag = (await (await server.As("care-coordinator")).Get(Plan)).ETag;
        await server.Kill();
        await server.Restart();
        Assert.Equal(304, (await Get(await server.As("care-coordinator"), Plan, $"If-None-Match: {tag}")).Status);
    }

    [Fact]
    public async Task Several_are_deleted_where_the_setting_says_so()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string>(OneOrganisation.Settings) { ["Fhir:ConditionalDelete"] = "multiple" });
        var client = await server.As("system");
        Assert.Equal("multiple", (string)(await client.Get("metadata")).Json["rest"]![0]!["resource"]!.AsArray().First(r => (string)r!["type"]! == "Patient")!["conditionalDelete"]!);
        for (var n = 0; n < 3; n++) await client.Post("Patient", """{"resourceType":"Patient","identifier":[{"system":"urn:feed","value":"1"}],"gender":"other"}""");
        var kept = await client.Post("Patient", """{"resourceType":"Patient","identifier":[{"system":"urn:feed","value":"2"}]}""");
        // A version fits one of them at most, so none is deleted.
        Assert.Equal(412, (await client.Send("DELETE", "Patient?identifier=urn:feed|1", null, null, $"If-Match: {kept.ETag}")).Status);
        Assert.Equal(3, (await client.Get("Patient?identifier=urn:feed|1")).Total);
        Assert.Equal(204, (await client.Send("DELETE", "Patient?identifier=urn:feed|1")).Status);
        Assert.Equal(0, (await client.Get("Patient?identifier=urn:feed|1")).Total);
        Assert.Equal(200, (int)(await client.Get($"Patient/{kept.Id}")).Status);
        for (var n = 0; n < 101; n++) await client.Post("Patient", """{"resourceType":"Patient","gender":"unknown"}""");
        Assert.Equal(412, (await client.Send("DELETE", "Patient?gender=unknown")).Status);
        Assert.Equal(101, (await client.Get("Patient?gender=unknown&_total=accurate")).Total);
    }
}
