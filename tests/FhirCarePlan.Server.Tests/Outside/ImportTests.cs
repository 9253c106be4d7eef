using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>`$import` from outside, on a server of one organisation. https://hl7.org/fhir/R4/async.html</summary>
public class ImportTests(OneOrganisation organisation) : IClassFixture<OneOrganisation>
{
    private HttpClient Client => organisation.Client;

    internal static Task<Reply> Begin(HttpClient client, string lines, string type = "application/fhir+ndjson") =>
        client.Send("POST", "$import", Encoding.UTF8.GetBytes(lines), type, "Prefer: respond-async");

    /// <summary>The result, once there is one.</summary>
    internal static async Task<(string Place, JsonObject Result, string[] Output, string[] Error)> Import(HttpClient client, string lines)
    {
        var begun = await Begin(client, lines);
        Assert.True(begun.Status == 202, begun.Body);
        return await End(client, begun.Header("Content-Location")![client.BaseAddress!.ToString().Length..]);
    }

    internal static async Task<(string Place, JsonObject Result, string[] Output, string[] Error)> End(HttpClient client, string place)
    {
        Reply status;
        for (var i = 0; (status = await client.Send("GET", place)).Status == 202; i++)
        {
            Assert.True(i < 900, $"after {i} questions it was at {status.Header("X-Progress")}");
            Assert.Matches("^[0-9]+ of [0-9]+ lines$", status.Header("X-Progress"));
            Assert.NotNull(status.Header("Retry-After"));
            await Task.Delay(100);
        }
        Assert.True(status.Status == 200, status.Body);
        return (place, status.Json, await File("output"), await File("error"));

        async Task<string[]> File(string name)
        {
            if (status.Json[name]!.AsArray() is not [{ } file]) return [];
            var answer = await client.Send("GET", ((string)file["url"]!)[client.BaseAddress!.ToString().Length..]);
            Assert.Equal((200, "application/fhir+ndjson"), (answer.Status, answer.Header("Content-Type")));
            var lines = answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal((int)file["count"]!, lines.Length);
            return lines;
        }
    }

    private static string Patient(string id, string family) => $$$"""{"resourceType":"Patient","id":"{{{id}}}","name":[{"family":"{{{family}}}"}]}""";

    private static IEnumerable<string> Lines(IEnumerable<string> outcomes) => outcomes.Select(o => (string)JsonNode.Parse(o)!["id"]!);

    [Fact]
    public async Task Each_line_is_stored_or_says_why_not()
    {
        var (_, result, output, error) = await Import(Client, string.Join('\n', Patient("im-1", "One"), "", "nonsense", Patient("im-2", "Two"),
            """{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/im-1"}}""",
            """{"resourceType":"Observation","code":{"text":"x"}}""", """{"resourceType":"Nonsense"}""", """{"resourceType":"AuditEvent"}""", """{"resourceType":"Patient","id":"not an id"}""") + "\r\n");
        Assert.Equal(["line-1", "line-4", "line-5"], Lines(output));
        Assert.Equal(["line-3", "line-6", "line-7", "line-8", "line-9"], Lines(error));
        Assert.All(error, o => Assert.Matches("\"severity\":\"(error|fatal)\"", o));
        Assert.Equal(($"{Client.BaseAddress}$import", "true"), ((string?)result["request"], result["requiresAccessToken"]!.ToJsonString()));
        Assert.Equal(200, (await Client.Send("GET", "Patient/im-2")).Status);
        var made = JsonNode.Parse(output[2])!["issue"]!.AsArray().Select(i => (string)i!["diagnostics"]!).Single(t => t.StartsWith("Stored as ", StringComparison.Ordinal));
        Assert.Equal(200, (await Client.Send("GET", made["Stored as ".Length..])).Status);
    }

    [Fact]
    public async Task A_line_whose_resource_was_changed_or_deleted_since_is_stored_anew()
    {
        const string line = """{"resourceType":"Basic","code":{"text":"anew"}}""";
        var places = new List<string> { Stored(await Import(Client, line)) };
        Assert.Equal(200, (await Client.Send("PUT", places[0], Encoding.UTF8.GetBytes(line.Replace("\"code\"", $"\"id\":\"{places[0][6..]}\",\"code\"", StringComparison.Ordinal).Replace("anew", "changed", StringComparison.Ordinal)), "application/fhir+json")).Status);
        places.Add(Stored(await Import(Client, line + "\n")));
        Assert.Contains("anew", (await Client.Send("GET", places[1])).Body, StringComparison.Ordinal);
        Assert.Contains("changed", (await Client.Send("GET", places[0])).Body, StringComparison.Ordinal);
        Assert.Equal(204, (await Client.Send("DELETE", places[1])).Status);
        places.Add(Stored(await Import(Client, line + "\n\n")));
        Assert.Equal(200, (await Client.Send("GET", places[2])).Status);
        Assert.Equal(3, places.Distinct().Count());

        static string Stored((string, JsonObject, string[] Output, string[] Error) done)
        {
            Assert.Empty(done.Error);
            return JsonNode.Parse(Assert.Single(done.Output))!["issue"]!.AsArray().Select(i => (string)i!["diagnostics"]!).Single(t => t.StartsWith("Stored as ", StringComparison.Ordinal))["Stored as ".Length..].Split("/_history")[0];
        }
    }

    [Fact]
    public async Task What_cannot_be_taken_as_sent_is_refused_before_a_line_is_read()
    {
        var bad = """{"resourceType":"Basic","code":{"text":"x"}}"""u8.ToArray();
        bad[^4] = 0xFF;
        Assert.Equal(400, (await Client.Send("POST", "$import", bad, "application/fhir+ndjson", "Prefer: respond-async")).Status);
        var many = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{}\n", 20_001)));
        Assert.Equal(413, (await Client.Send("POST", "$import", many, "application/fhir+ndjson", "Prefer: respond-async")).Status);
        Assert.Equal(415, (await Client.Send("POST", "$import", [0x1F, 0x8B], "application/fhir+ndjson", "Prefer: respond-async", "Content-Encoding: gzip")).Status);
    }

    [Fact]
    public async Task The_same_again_changes_nothing()
    {
        var lines = string.Join('\n', Patient("again-1", "Again"), """{"resourceType":"Observation","status":"final","code":{"text":"again"},"subject":{"reference":"Patient/again-1"}}""");
        var (place, _, first, _) = await Import(Client, lines);
        Assert.Equal(place, (await Import(Client, lines)).Place);
        // Another body with the same lines is another import of what is there already.
        var (other, _, second, _) = await Import(Client, lines + "\n\n");
        Assert.NotEqual(place, other);
        Assert.Equal((2, 2), (first.Length, second.Length));
        Assert.All(second, o => Assert.Contains("Stored before", o, StringComparison.Ordinal));
        Assert.Equal(1, (int)(await Client.Send("GET", "Patient/again-1/_history?_format=json")).Json["total"]!);
        Assert.Equal(1, (int)(await Client.Send("GET", "Observation?subject=Patient/again-1&_summary=count&_format=json")).Json["total"]!);
        // What has changed since is updated.
        await Import(Client, Patient("again-1", "Anew"));
        Assert.Equal(2, (int)(await Client.Send("GET", "Patient/again-1/_history?_format=json")).Json["total"]!);
    }

    [Fact]
    public async Task Lines_come_in_their_order()
    {
        var (_, _, output, error) = await Import(Client, string.Join('\n', Enumerable.Range(0, 40).Select(i => Patient($"order-{i % 4}", $"Version{i}"))));
        Assert.Equal((40, 0), (output.Length, error.Length));
        for (var i = 0; i < 4; i++)
            Assert.Equal($"Version{36 + i}", (string?)(await Client.Send("GET", $"Patient/order-{i}?_format=json")).Json["name"]![0]!["family"]);
        Assert.Equal(Enumerable.Range(1, 40).Select(i => $"line-{i}"), Lines(output));
    }

    [Theory]
    [InlineData("application/fhir+json", """{"resourceType":"Parameters","parameter":[{"name":"input","valueUri":"http://169.254.169.254/latest"}]}""", 400)]
    [InlineData("application/json", "{}", 400)]
    [InlineData("text/csv", "a,b", 415)]
    [InlineData("multipart/form-data; boundary=x", "--x--", 415)]
    [InlineData("application/fhir+ndjson", "", 400)]
    [InlineData("application/fhir+ndjson", "\n \n", 400)]
    public async Task Takes_lines_and_nothing_else(string type, string body, int status) => Assert.Equal(status, (await Begin(Client, body, type)).Status);

    [Fact]
    public async Task Needs_respond_async() =>
        Assert.Equal(400, (await Client.Send("POST", "$import", Encoding.UTF8.GetBytes(Patient("x", "X")), "application/fhir+ndjson")).Status);

    [Fact]
    public async Task What_is_cancelled_is_gone_and_what_is_stored_stays()
    {
        var begun = await Begin(Client, string.Join('\n', Enumerable.Range(0, 2000).Select(i => Patient($"cut-{i}", "Cut"))));
        var place = begun.Header("Content-Location")![Client.BaseAddress!.ToString().Length..];
        while ((await Client.Send("GET", "Patient/cut-0")).Status != 200) await Task.Delay(20);
        Assert.Equal(202, (await Client.Send("DELETE", place)).Status);
        foreach (var method in (string[])["GET", "DELETE"]) Assert.Equal(404, (await Client.Send(method, place)).Status);
        var stored = -1;
        for (int now; (now = (int)(await Client.Send("GET", "Patient?name=Cut&_summary=count&_format=json")).Json["total"]!) != stored; stored = now) await Task.Delay(500);
        Assert.InRange(stored, 1, 1999);
        Assert.Equal(404, (await Client.Send("GET", place)).Status);
    }
}
