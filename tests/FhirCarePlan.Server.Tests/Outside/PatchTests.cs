using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>A patch goes the way of an update, on the caller's view. https://hl7.org/fhir/R4/http.html#patch,
/// src/docs/sharing.md#writing-from-a-view</summary>
public class PatchTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private const string Json = "application/json-patch+json", Xml = "application/xml-patch+xml";

    private Task<HttpClient> Coordinator => samples.Process.As("care-coordinator");

    private static Task<Reply> Patch(HttpClient client, string url, string patch, string type = Json, params string[] headers) =>
        client.Send("PATCH", url, Encoding.UTF8.GetBytes(patch), type, headers);

    private async Task<(string Url, string Tag)> Goal()
    {
        var made = await (await Coordinator).Post("Goal", """{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Draw"},"subject":{"reference":"Patient/robin"},"note":[{"text":"one"}]}""");
        Assert.Equal(201, (int)made.Status);
        return ($"Goal/{made.Id}", made.ETag!);
    }

    private static string Operation(string type, string path, string more = "") => $$"""
        {"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"{{type}}"},{"name":"path","valueString":"{{path}}"}{{more}}]}]}
        """;

    [Theory]
    [InlineData(Json, """[{"op":"replace","path":"/lifecycleStatus","value":"completed"}]""")]
    [InlineData(Xml, """<diff xmlns:f="http://hl7.org/fhir"><replace sel="f:Goal/f:lifecycleStatus/@value">completed</replace></diff>""")]
    [InlineData("application/fhir+json", """{"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"replace"},{"name":"path","valueString":"Goal.lifecycleStatus"},{"name":"value","valueCode":"completed"}]}]}""")]
    [InlineData("application/fhir+xml", """<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="operation"/><part><name value="type"/><valueCode value="replace"/></part><part><name value="path"/><valueString value="Goal.lifecycleStatus"/></part><part><name value="value"/><valueCode value="completed"/></part></parameter></Parameters>""")]
    public async Task Each_form_makes_a_new_version_that_is_found(string type, string patch)
    {
        var client = await Coordinator;
        var (url, tag) = await Goal();
        var reply = await Patch(client, url, patch, type, $"If-Match: {tag}");
        Assert.Equal((200, "completed"), (reply.Status, (string?)reply.Json["lifecycleStatus"]));
        Assert.NotEqual(tag, reply.Header("ETag"));
        Assert.EndsWith($"{url}/_history/{(string)reply.Json["meta"]!["versionId"]!}", reply.Header("Location"), StringComparison.Ordinal);
        Assert.Equal(1, (await client.Get($"Goal?_id={url[5..]}&lifecycle-status=completed")).Total);
        Assert.Equal(0, (await client.Get($"Goal?_id={url[5..]}&lifecycle-status=active")).Total);
        Assert.Equal(2, (await client.Get($"{url}/_history")).Total);
        Assert.Equal(412, (await Patch(client, url, patch, type, $"If-Match: {tag}")).Status);
        Assert.Equal(412, (await Patch(client, url, patch, type, "If-None-Match: *")).Status);
    }

    [Fact]
    public async Task Prefer_holds()
    {
        var client = await Coordinator;
        var (url, _) = await Goal();
        const string note = """[{"op":"add","path":"/note/-","value":{"text":"more"}}]""";
        Assert.Equal("Goal", (string?)(await Patch(client, url, note)).Json["resourceType"]);
        Assert.Equal("", (await Patch(client, url, note, Json, "Prefer: return=minimal")).Body);
        Assert.Equal("OperationOutcome", (string?)(await Patch(client, url, note, Json, "Prefer: return=OperationOutcome")).Json["resourceType"]);
    }

    [Theory]
    [InlineData("[{\"op\":\"replace\",\"path\":\"/id\",\"value\":\"other\"}]", 400)]
    [InlineData("[{\"op\":\"remove\",\"path\":\"/id\"}]", 400)]
    [InlineData("[{\"op\":\"replace\",\"path\":\"/resourceType\",\"value\":\"Patient\"}]", 422)]
    [InlineData("[{\"op\":\"replace\",\"path\":\"\",\"value\":{}}]", 422)]
    [InlineData("[{\"op\":\"replace\",\"path\":\"\",\"value\":null}]", 422)]
    [InlineData("[{\"op\":\"remove\",\"path\":\"/lifecycleStatus\"}]", 422)]
    [InlineData("[{\"op\":\"replace\",\"path\":\"/lifecycleStatus\",\"value\":\"nonsense\"}]", 422)]
    [InlineData("[{\"op\":\"replace\",\"path\":\"/lifecycleStatus\",\"value\":1}]", 422)]
    [InlineData("[{\"op\":\"add\",\"path\":\"/nonsense\",\"value\":1}]", 422)]
    [InlineData("[{\"op\":\"add\",\"path\":\"/note/0/extension\",\"value\":[]}]", 422)]
    [InlineData("[{\"op\":\"replace\",\"path\":\"/subject/reference\",\"value\":\"Patient/sky\"}]", 422)]
    [InlineData("[{\"op\":\"test\",\"path\":\"/lifecycleStatus\",\"value\":\"completed\"}]", 422)]
    [InlineData("[{\"op\":\"remove\",\"path\":\"/note/7\"}]", 422)]
    [InlineData("[{\"op\":\"spoil\",\"path\":\"/note\"}]", 400)]
    [InlineData("{}", 400)]
    [InlineData("x", 400)]
    [InlineData("", 400)]
    public async Task What_an_update_may_not_a_patch_may_not(string patch, int status)
    {
        var client = await Coordinator;
        var (url, tag) = await Goal();
        var reply = await Patch(client, url, patch);
        Assert.True(reply.Status == status, $"{reply.Status} {reply.Body}");
        Assert.NotEmpty(reply.Said);
        Assert.Equal(tag, (await client.Get(url)).ETag);
    }

    [Fact]
    public async Task Version_time_and_marks_are_the_servers()
    {
        var client = await Coordinator;
        var (url, _) = await Goal();
        var reply = await Patch(client, url, """[{"op":"replace","path":"/meta","value":{"versionId":"mine","lastUpdated":"2001-01-01T00:00:00Z"}}]""");
        Assert.Equal(200, reply.Status);
        Assert.NotEqual("mine", (string)reply.Json["meta"]!["versionId"]!);
        Assert.DoesNotContain("2001-01-01", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Digits_stay_as_they_are()
    {
        var client = await Coordinator;
        var made = await client.Post("Observation", """{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/robin"},"valueQuantity":{"value":1.50}}""");
        foreach (var (patch, type) in new[] { ("""[{"op":"add","path":"/referenceRange","value":[{"low":{"value":0.10}}]}]""", Json), (Operation("add", "Observation", ""","x":0""".Replace(",\"x\":0", """,{"name":"name","valueString":"language"},{"name":"value","valueCode":"en"}""")), Wire.Fhir) })
            Assert.Equal(200, (await Patch(client, $"Observation/{made.Id}", patch, type)).Status);
        var body = (await client.Get($"Observation/{made.Id}")).Body;
        Assert.Contains("1.50", body, StringComparison.Ordinal);
        Assert.Contains("0.10", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Core_types_need_If_Match_and_Consents_are_patched_as_they_are_updated()
    {
        var client = await Coordinator;
        Assert.Equal(428, (await Patch(client, "CarePlan/robin-plan", "[]")).Status);
        Assert.Equal(428, (await Patch(client, "Consent/robin-consent-sharing", """[{"op":"replace","path":"/status","value":"inactive"}]""")).Status);
        Assert.Equal(405, (await Patch(client, "AuditEvent/x", "[]")).Status);
    }

    [Fact]
    public async Task Hidden_absent_and_not_ones_own()
    {
        var (client, gp, housing, outsider) = (await Coordinator, await samples.Process.As("gp"), await samples.Process.As("housing-officer"), await samples.Process.As("outsider"));
        var (url, _) = await Goal();
        const string change = """[{"op":"replace","path":"/lifecycleStatus","value":"completed"}]""";
        // By type and caller alone, whatever is there and whatever the patch touches.
        var refused = new List<string>();
        foreach (var at in (string[])[url, "Goal/never-was-one"])
            foreach (var patch in (string[])[change, "[]", "x"]) refused.Add((await Patch(housing, at, patch)).Body);
        Assert.Single(refused.Distinct());
        Assert.Equal(403, (await Patch(housing, url, change)).Status);
        Assert.Equal(403, (await Patch(outsider, url, change)).Status);
        // Seen and not held: as an update.
        var put = await gp.Send("PUT", url, Encoding.UTF8.GetBytes((await gp.Get(url)).Body));
        var patched = await Patch(gp, url, change);
        Assert.Equal((put.Status, put.Said), (patched.Status, patched.Said));
        Assert.Equal(403, patched.Status);
        // Not in view: the one 404.
        var hidden = (string)(await client.Send("POST", "Observation", Encoding.UTF8.GetBytes("""{"resourceType":"Observation","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"code":{"text":"x"},"subject":{"reference":"Patient/robin"}}"""))).Json["id"]!;
        foreach (var patch in (string[])["[]", "x", """[{"op":"test","path":"/status","value":"final"}]"""])
            Assert.Equal((await Patch(housing, "Observation/never-was-one", patch)).Body, (await Patch(housing, $"Observation/{hidden}", patch)).Body);
        Assert.Equal(404, (await Patch(housing, $"Observation/{hidden}", "[]")).Status);
        Assert.Equal(204, (int)(await client.Delete(url)).Status);
        Assert.Equal(410, (await Patch(client, url, change)).Status);
    }

    [Fact]
    public async Task A_partial_view_of_a_core_type_is_not_patched()
    {
        var housing = await samples.Process.As("housing-officer");
        var seen = await housing.Get("CarePlan/robin-plan");
        Assert.Contains("REDACTED", seen.Body, StringComparison.Ordinal);
        var put = await housing.Send("PUT", "CarePlan/robin-plan", Encoding.UTF8.GetBytes(seen.Body), Wire.Fhir, $"If-Match: {seen.ETag}");
        var patched = await Patch(housing, "CarePlan/robin-plan", """[{"op":"replace","path":"/status","value":"revoked"}]""", Json, $"If-Match: {seen.ETag}");
        Assert.Equal((put.Status, put.Body), (patched.Status, patched.Body));
        Assert.Equal(403, patched.Status);
    }

    [Fact]
    public async Task Many_patches_at_once_are_all_done()
    {
        var client = await Coordinator;
        var (url, _) = await Goal();
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Patch(client, url, $$$"""[{"op":"add","path":"/note/-","value":{"text":"{{{n}}}"}}]""")));
        Assert.All(replies, r => Assert.Equal(200, r.Status));
        // None overwrote another.
        Assert.Equal(21, (await client.Get(url)).Json["note"]!.AsArray().Count);
    }

    [Fact]
    public async Task Work_is_bounded()
    {
        var client = await Coordinator;
        var (url, _) = await Goal();
        var bomb = new JsonArray([.. Enumerable.Range(0, 60).Select(n => (JsonNode)new JsonObject { ["op"] = "copy", ["from"] = "", ["path"] = $"/x{n}" })]);
        Assert.Equal(413, (await Patch(client, url, bomb.ToJsonString())).Status);
        Assert.Equal(413, (await Patch(client, url, $"[{string.Join(",", Enumerable.Repeat("""{"op":"test","path":"","value":{}}""", 1_001))}]")).Status);
        Assert.Contains((await Patch(client, url, $"[{new string('[', 100_000)}")).Status, (int[])[400, 413]);
        Assert.Equal(413, (await Patch(client, url, new string(' ', 5 << 20))).Status);
        Assert.Equal(413, (await Patch(client, url, Operation("delete", string.Concat(Enumerable.Repeat("(", 50)) + "Goal.repeat($this | %resource.descendants())" + new string(')', 50)), Wire.Fhir)).Status is 400 or 413 or 422 ? 413 : 0);
    }
}
