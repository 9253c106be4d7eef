using System.Text;
using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>For every input the server says what is wrong with it (4xx) and goes on: no 5xx, no dropped connection. The seed is
/// fixed.</summary>
public class HostileInputTests
{
    private const int Seed = 20261122;

    /// <summary>`{"a":{"b":{"c":1}}}` and the like, each broken in one of many ways a sender may break it.</summary>
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e308", "1e-400", "1e999999999", "9007199254740993",
            "12345678901234567890123456789012345678901234567890123456789012345", "\"\"", "\" \"", "[]", "{}", "[[]]", "[{}]", "[null]",
        "{\"resourceType\":\"Patient\"}", "{\"a\":1}", "\"2024-13-45\"", "\"0000-00-00\"", "\"9999-12-31T23:59:60+99:99\"", "\"Patient/\"",
            "\"/\"", "\"#\"", "\"urn:uuid:\"", "\"http://\"", "\"\\u0000\"", "\"half a character\"", "\"٣\"",
        "\"<div/>\"", "\"<div xmlns='http://www.w3.org/1999/xhtml'><b><b><b>\"", "\"<!DOCTYPE x [<!ENTITY y 'z'>]><div>&y;</div>\"",
            "\"%_'\\\"; DROP TABLE version; --\"",
    ];

    [Fact]
    public async Task Mutated_resources_and_bundles_of_an_agency()
    {
        await using var server = await ServerProcess.Start();
        await Mutate(server, await server.As("care-coordinator"), Samples("partnership"), 1200, new Random(Seed));
    }

    [Fact]
    public async Task Mutated_resources_of_every_type()
    {
        var examples = FhirCarePlan.Fhir.Tests.SharedData.Folder("data/examples/json") is { } folder && Directory.Exists(folder)
            ? Directory.GetFiles(folder).Order(StringComparer.Ordinal).Where(f => new FileInfo(f).Length < 40_000).Select(File.ReadAllText)
            .ToList() : Samples("valid");
        await using var server = await ServerProcess.Start(OneOrganisation.Settings);
        await Mutate(server, await server.As("system"), examples, 2500, new Random(Seed + 1));
    }

    private static List<string> Samples(string folder) =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "samples", folder), "*.json", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Where(f => !f.EndsWith("index.json", StringComparison.Ordinal)).Select(File.ReadAllText)];

    private static async Task Mutate(ServerProcess server, HttpClient client, List<string> originals, int count, Random random)
    {
        for (var n = 0; n < count; n++)
        {
            var original = JsonNode.Parse(originals[random.Next(originals.Count)])!.AsObject();
            var (type, id) = ((string)original["resourceType"]!, Uri.EscapeDataString((string?)original["id"] ?? "x"));
            var mutated = Mutation.Of(original, Values, random);
            var (method, url, body) = random.Next(6) switch
            {
                0 => ("PUT", $"{type}/{id}", mutated),
                1 => ("POST", type, mutated),
                2 => ("POST", $"{type}/$validate", mutated),
                _ => ("POST", "", InBundle(mutated, type, id, random)),
            };
            var bytes = Broken(Encoding.UTF8.GetBytes(body), random);
            Reply answer;
            try
            {
                answer = method == "PUT"
                    ? await client.Send(method, url, bytes, Wire.Fhir, "If-Match: W/\"x\"") : await client.Send(method, url, bytes);
            }
            catch (HttpRequestException dropped)
            {
                throw new InvalidOperationException($"#{n} {method} {url} dropped the connection: {body}\n{server.Output}", dropped);
            }
            Assert.True(answer.Status < 500, $"#{n} {method} {url}: {answer.Status} for {body}\n{server.Output}");
            if (url.Length == 0 && answer.Status == 200)
                foreach (var entry in answer.Json["entry"]?.AsArray() ?? [])
                    Assert.False(((string)entry!["response"]!["status"]!)[0] == '5', $"#{n}: {body}\n{server.Output}");
        }
        Assert.Equal(200, (int)(await client.Get("Patient?_count=1")).Status);
        using var healthy = await server.Anonymous.GetAsync("health");
        Assert.True(healthy.IsSuccessStatusCode);
    }

    private static string InBundle(string resource, string type, string id, Random random)
    {
        string Pick(params string[] of) => of[random.Next(of.Length)];
        var entry =
            $$$"""{"fullUrl":"{{{Pick("urn:uuid:1", "urn:uuid:2", "x", "http://a.example/fhir/" + type + "/1")}}}","resource":{{{resource}}},"request":{"method":"{{{Pick("POST", "PUT", "DELETE", "GET", "PATCH", "HEAD", "x")}}}","url":"{{{Pick(type, $"{type}/{id}", $"{type}?x=1", "/", "//", "\\u0000", $"{type}/$validate", "../x", $"{type}/{id}/_history/1")}}}"}}""";
        var bundle =
            $$$"""{"resourceType":"Bundle","type":"{{{Pick("batch", "transaction", "batch", "transaction", "history", "x")}}}","entry":[{{{string.Join(',', Enumerable.Repeat(entry, random.Next(1, 3)))}}}]}""";
        return random.Next(3) > 0 || resource.Contains("\\ud800", StringComparison.Ordinal) || !Parses(bundle)
            ? bundle : Mutation.Of(JsonNode.Parse(bundle)!.AsObject(), Values, random);
    }

    private static bool Parses(string json)
    {
        try
        {
            using var document = System.Text.Json.JsonDocument.Parse(json);
            return true;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    /// <summary>Now and then cut short, or with a byte that is not UTF-8.</summary>
    private static byte[] Broken(byte[] body, Random random) => random.Next(10) switch
    {
        0 => body[..random.Next(body.Length)],
        1 when random.Next(body.Length) is var at => [.. body[..at], (byte)(random.Next(2) == 0 ? 0xff : 0x80), .. body[at..]],
        _ => body,
    };

    [Fact]
    public async Task Depth_width_and_size()
    {
        await using var server = await ServerProcess.Start();
        var client = await server.As("care-coordinator");
        string Nest(string open, string close, int depth) =>
            string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
        var bodies = new List<string>
        {
            Nest("[", "]", 10_000), Nest("{\"a\":", "}", 10_000), "{\"resourceType\":\"Patient\",\"extension\":"
                + Nest("[{\"url\":\"x\",\"extension\":", "}]", 5_000) + "}", new('[', 100_000), new('{', 100_000),
            "{\"resourceType\":\"Patient\",\"multipleBirthInteger\":" + new string('9', 100_000) + "}",
                "{\"resourceType\":\"Patient\",\"multipleBirthInteger\":1e99999999999999999999}",
            "{\"resourceType\":\"Patient\",\"name\":[" + string.Join(',', Enumerable.Repeat("{\"text\":\"x\"}", 100_000)) + "]}",
                "{\"resourceType\":\"Patient\",\"" + new string('x', 2_000_000) + "\":1}",
            "{\"resourceType\":\"Patient\",\"name\":[{\"text\":\"" + new string('x', 2_000_000) + "\"}]}",
                "\ufeff{\"resourceType\":\"Patient\"}", "{\"resourceType\":null}", "{\"resourceType\":[]}",
                "{\"resourceType\":\"Resource\"}", "{\"resourceType\":\"DomainResource\"}", "{\"resourceType\":\"Element\"}",
            Nest("{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{\"request\":{\"method\":\"POST\",\"url\":\"\"},\"resource\":",
                "}]}", 50),
            "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{\"request\":{\"method\":\"POST\",\"url\":\"\"},\"resource\":{\"resourceType\":\"Bundle\",\"type\":\"batch\"}}]}",
        };
        foreach (var body in bodies)
            foreach (var url in new[] { "", "Patient", "Patient/$validate", "Goal", "Patient/robin/$validate" })
            {
                var answer = await client.Send("POST", url, Encoding.UTF8.GetBytes(body));
                Assert.True(answer.Status is < 500, $"{url}: {answer.Status} for {body[..Math.Min(80, body.Length)]}");
            }
        Assert.Equal(200, (int)(await client.Get("Patient/robin")).Status);
    }

    [Fact]
    public async Task Odd_queries()
    {
        await using var server = await ServerProcess.Start();
        var client = await server.As("gp");
        var random = new Random(Seed + 2);
        string[] names = ["_id", "_lastUpdated", "_count", "_sort", "_total", "_summary", "_elements", "_include", "_revinclude", "_page",
            "status", "code", "date", "subject", "patient", "identifier", "name", "birthdate", "value-quantity", "_has", "_filter",
            "_format",
            "_profile", "_tag", "_security", "_source", "_type", "probability", "", "%", "%zz", "subject.name", "patient:Patient.name",
                "_has:Condition:subject:code", "_offset", "entity", "policy", "outcome", "agent"];
        string[] modifiers = ["", "", "", ":missing", ":not", ":exact", ":contains", ":text", ":in", ":identifier", ":Patient", ":", "::",
            ":iterate", ":of-type"];
        string[] values = ["", "a", "%00", "%", "%zz", "%ff%fe", new('x', 3000), "|", "||", "a|", "|a", "a|b|c", "gt", "gt2020",
            "lt2020-13", "eq0000", "ap2020", "ap0001", "ap9999", "2020-02-30", "9999999999999999999999", "1e400", "-1e-400",
            "5.4|http://unitsofmeasure.org|mg",
            "Patient/", "Patient/x", "http://x/y", "*", "CarePlan:subject", "CarePlan:*", "*:*", "-_lastUpdated,_id", "true", "false",
                "count", "text", "accurate", "0", "1000", "-1", "\\,", "\\", "a\\", "a,b,,c", ",", "+", "%F0%9F%98%80",
                "2020-01-01T00:00:00%2B99:99", "2020-01-01T24:00:00Z", "0001", "9999-12-31T23:59:59.999Z", "lt0001-01-01", "%27%20OR%201=1",
                "%25_%5f"];
        string[] types = ["CarePlan", "Patient", "Observation", "Condition", "AuditEvent", "Consent", "Task", "RiskAssessment"];
        for (var n = 0; n < 2500; n++)
        {
            var query = string.Join('&', Enumerable.Range(0, random.Next(1, 4))
                .Select(_ => names[random.Next(names.Length)] + modifiers[random.Next(modifiers.Length)]
                + (random.Next(12) == 0 ? "" : "=" + values[random.Next(values.Length)])));
            var type = types[random.Next(types.Length)];
            var answer = random.Next(4) == 0
                ? await client.Send("POST", $"{type}/_search", Encoding.UTF8.GetBytes(query), "application/x-www-form-urlencoded")
                : await client.Send("GET", $"{type}?{query}", null, null, random.Next(3) == 0 ? ["Prefer: handling=lenient"] : []);
            Assert.True(answer.Status is 200 or 400 or 406,
                $"#{n} {type}?{query[..Math.Min(200, query.Length)]}: {answer.Status} {answer.Body[..Math.Min(300, answer.Body.Length)]}");
        }
        Assert.Equal(413, (await client.Send("GET", $"Patient?name={new string('x', 9_000)}")).Status);
        Assert.Equal(200, (int)(await client.Get("Patient")).Status);
    }

    [Fact]
    public async Task Odd_addresses_and_headers()
    {
        await using var server = await ServerProcess.Start();
        var client = await server.As("care-coordinator");
        foreach (var id in new[] { new('a', 65), new('a', 64), "%00", "..", ".", "%2e%2e", "%2F", "a%2Fb", "%ff", "%F0%9F%98%80", "'",
            "%22", "$x", "_history", "a%20b", "*", "x;y", "-", "%5c", "%25", "%0d%0aX-Evil:1" })
            foreach (var tail in new[] { "", "/_history", "/_history/1", "/_history/%00", "/$validate", "/$explain" })
                foreach (var method in new[] { "GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "POST", "TRACE", "NONSENSE" })
                {
                    var body = method is "PUT" or "POST" or "PATCH" ? """{"resourceType":"Goal","id":"x"}"""u8.ToArray() : null;
                    var answer = await client.Send(method, $"Goal/{id}{tail}", body);
                    Assert.True(answer.Status is >= 200 and < 500, $"{method} Goal/{id}{tail}: {answer.Status}");
                    Assert.Null(answer.Header("X-Evil"));
                }
        string[] headers =
        [
            "If-Match: ", "If-Match: *", "If-Match: W/", "If-Match: \"", "If-Match: W/\"a\", W/\"b\"", $"If-Match: {new string('x', 5000)}",
                "Prefer: ", "Prefer: return=", "Prefer: =,;=", "Prefer: handling=lenient; return=minimal", "Accept: x",
                "Accept: application/fhir+xml", "Accept: */*;q=0",
            "If-None-Match: *", "If-None-Match: garbage", "If-Modified-Since: yesterday", "If-None-Exist: ?", "Range: bytes=0-1",
                "Content-Encoding: gzip", "X-Correlation-Id: x", "Authorization: Bearer", "Authorization: Bearer x",
                $"Authorization: Bearer {new string('a', 3000)}.a.a", "Authorization: Basic eDp5", "Host: x",
        ];
        string?[] contents = [Wire.Fhir, null, "x", "application/fhir+json; charset=utf-16", "application/fhir+xml", "application/json;;;",
            "multipart/form-data", "a/b/c"];
        foreach (var (method, url, body) in new[] { ("GET", "CarePlan/robin-plan", null),
            ("PUT", "Goal/robin-goal-draw", "{\"resourceType\":\"Goal\"}"), ("POST", "Goal", "{\"resourceType\":\"Goal\"}"),
            ("POST", "", "{\"resourceType\":\"Bundle\",\"type\":\"batch\"}"), ("DELETE", "CarePlan/robin-plan", null),
            ("POST", "Goal/_search", "status=x") })
        {
            foreach (var header in headers)
            {
                var answer = await client.Send(method, url, body is null ? null : Encoding.UTF8.GetBytes(body), Wire.Fhir, header);
                Assert.True(answer.Status is >= 200 and < 500,
                    $"{method} {url} with {header[..Math.Min(80, header.Length)]}: {answer.Status}");
            }
            foreach (var content in contents)
                if (body != null) Assert.InRange((await client.Send(method, url, Encoding.UTF8.GetBytes(body), content)).Status, 200, 499);
        }
        // `If-Match: *` deleted the plan, as it should; the server is well.
        Assert.Equal(410, (int)(await client.Get("CarePlan/robin-plan")).Status);
        Assert.Equal(200, (int)(await client.Get("CareTeam/robin-team")).Status);
    }
}
