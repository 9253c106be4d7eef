using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>An export from outside, on a server of one organisation. https://hl7.org/fhir/uv/bulkdata/STU2/export.html</summary>
public class ExportTests(OneOrganisation organisation) : IClassFixture<OneOrganisation>
{
    private HttpClient Client => organisation.Client;

    private async Task Fill()
    {
        if ((await Client.Send("GET", "Patient/ex-1?_format=json")).Status == 200) return;
        for (var i = 1; i <= 3; i++)
        {
            await Put("Patient", $"ex-{i}", $"\"name\":[{{\"family\":\"Export{i}\"}}]");
            for (var k = 0; k < 5; k++)
                await Put("Observation", $"ex-{i}-{k}", $$"""
                    "status":"final","code":{"coding":[{"system":"urn:x","code":"c{{k}}"}]},"subject":{"reference":"Patient/ex-{{i}}"}
                    """);
        }
        await Put("Group", "ex-some", """
            "type":"person","actual":true,"member":[{"entity":{"reference":"Patient/ex-1"}},{"entity":{"reference":"Patient/ex-2"},"inactive":true},{"entity":{"reference":"Patient/ex-3"}}]
            """);
        await Put("Organization", "ex-org", "\"name\":\"Org\"");
    }

    private async Task Put(string type, string id, string rest)
    {
        var made = await Client.Send("PUT", $"{type}/{id}", System.Text.Encoding.UTF8.GetBytes($$"""{"resourceType":"{{type}}","id":"{{id}}",{{rest}}}"""));
        Assert.True(made.Status is 200 or 201, made.Body);
    }

    private string Below(string url) => url[Client.BaseAddress!.ToString().Length..];

    private async Task<JsonObject> Manifest(string question)
    {
        var begun = await Client.Send("GET", question, headers: ["Prefer: respond-async", "Accept: application/fhir+json"]);
        Assert.True(begun.Status == 202, begun.Body);
        var status = await Client.Send("GET", Below(begun.Header("Content-Location")!), headers: "Accept: application/json");
        Assert.Equal((200, "application/json"), (status.Status, status.Header("Content-Type")));
        Assert.NotNull(status.Header("Expires"));
        return status.Json;
    }

    /// <summary>`Type/id` of every line, by file.</summary>
    private async Task<List<string>> Lines(JsonObject manifest)
    {
        var all = new List<string>();
        foreach (var output in manifest["output"]!.AsArray())
        {
            var file = await Client.Send("GET", Below((string)output!["url"]!), headers: "Accept: application/fhir+ndjson");
            Assert.Equal((200, "application/fhir+ndjson"), (file.Status, file.Header("Content-Type")));
            Assert.EndsWith("\n", file.Body, StringComparison.Ordinal);
            foreach (var line in file.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var resource = JsonNode.Parse(line)!;
                Assert.Equal((string?)output["type"], (string?)resource["resourceType"]);
                all.Add($"{resource["resourceType"]}/{resource["id"]}");
            }
        }
        return all;
    }

    [Fact]
    public async Task Begins_asks_and_fetches()
    {
        await Fill();
        var manifest = await Manifest("$export");
        Assert.Equal(("true", $"{Client.BaseAddress}$export", 0), (manifest["requiresAccessToken"]!.ToJsonString(), (string?)manifest["request"], manifest["error"]!.AsArray().Count));
        Assert.True(DateTimeOffset.TryParse((string)manifest["transactionTime"]!, out _));
        var lines = await Lines(manifest);
        Assert.Equal(lines.Count, lines.Distinct().Count());
        foreach (var expected in (string[])["Patient/ex-1", "Observation/ex-3-4", "Group/ex-some", "Organization/ex-org"]) Assert.Contains(expected, lines);
    }

    [Theory]
    [InlineData("$export?_type=Patient", "Patient/ex-1 Patient/ex-2 Patient/ex-3")]
    [InlineData("Patient/$export?_type=Patient,Organization", null)] // an Organization belongs to nobody's record
    [InlineData("$export?_type=Observation&_typeFilter=Observation%3Fcode%3Dc1", "Observation/ex-1-1 Observation/ex-2-1 Observation/ex-3-1")]
    [InlineData("$export?_type=Observation&_typeFilter=Observation%3Fcode%3Dc1%2526subject%3DPatient%2Fex-1,Observation%3Fcode%3Dc1%2526subject%3DPatient%2Fex-1", "")]
    [InlineData("$export?_type=Observation&_typeFilter=Observation%3Fcode%3Dc1%26subject%3DPatient%2Fex-1,Observation%3Fsubject%3DPatient%2Fex-1%26code%3Dc1%252Cc2", "Observation/ex-1-1 Observation/ex-1-2")]
    [InlineData("$export?_type=Observation&_typeFilter=Observation%3Fcode%3Dc1&_typeFilter=Observation%3Fsubject%3DPatient%2Fex-1%26code%3Dc1", "Observation/ex-1-1 Observation/ex-2-1 Observation/ex-3-1")]
    [InlineData("Group/ex-some/$export?_type=Patient", "Patient/ex-1 Patient/ex-3")]
    [InlineData("Group/ex-some/$export?_type=Observation&_typeFilter=Observation%3Fcode%3Dc0", "Observation/ex-1-0 Observation/ex-3-0")]
    [InlineData("$export?_since=2999-01-01T00:00:00Z", "")]
    [InlineData("$export?_outputFormat=application/fhir%2Bndjson&_type=Organization", "Organization/ex-org")]
    [InlineData("$export?_outputFormat=application/fhir+ndjson&_type=Organization", "Organization/ex-org")]
    [InlineData("$export?_outputFormat=ndjson&_type=Organization", "Organization/ex-org")]
    public async Task Exports_what_was_asked_for(string question, string? expected)
    {
        await Fill();
        if (expected is null)
        {
            Assert.Equal(400, (await Client.Send("GET", question, headers: "Prefer: respond-async")).Status);
            return;
        }
        Assert.Equal(expected, string.Join(' ', (await Lines(await Manifest(question))).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("$export?_outputFormat=application/parquet")]
    [InlineData("$export?_type=Nonsense")]
    [InlineData("$export?_since=yesterday")]
    [InlineData("$export?_typeFilter=Observation")]
    [InlineData("$export?_typeFilter=Observation%3Fnonsense%3D1")]
    [InlineData("$export?_type=Patient&_typeFilter=Observation%3Fcode%3Dx")]
    [InlineData("$export?_typeFilter=Observation%3F_include%3D*")]
    [InlineData("$export?_typeFilter=Observation%3F_sort%3Ddate")]
    [InlineData("$export?_typeFilter=Observation%3Fcode%3Dx%26_count%3D1")]
    [InlineData("$export?_typeFilter=Observation%3Fcode%3Dx%26_elements%3Dcode")]
    [InlineData("$export?_typeFilter=Observation%3Fcode%3Dx%26_summary%3Dtrue")]
    [InlineData("$export?_typeFilter=Observation%3Fcode%3Dx%26_total%3Dnone")]
    [InlineData("$export?nonsense=1")]
    [InlineData("$export?patient=Patient/1")]
    public async Task Refuses_what_it_does_not_do(string question)
    {
        var refused = await Client.Send("GET", question, headers: "Prefer: respond-async");
        Assert.Equal((400, "OperationOutcome"), (refused.Status, (string?)refused.Json["resourceType"]));
    }

    [Fact]
    public async Task Needs_respond_async() => Assert.Equal(400, (await Client.Send("GET", "$export")).Status);

    [Fact]
    public async Task By_Parameters_too_and_for_some_patients()
    {
        await Fill();
        var begun = await Client.Send("POST", "Patient/$export", """{"resourceType":"Parameters","parameter":[{"name":"_type","valueString":"Observation"},{"name":"patient","valueReference":{"reference":"Patient/ex-2"}}]}"""u8.ToArray(), headers: "Prefer: respond-async");
        Assert.True(begun.Status == 202, begun.Body);
        var lines = await Lines((await Client.Send("GET", Below(begun.Header("Content-Location")!))).Json);
        Assert.Equal(5, lines.Count(l => l.StartsWith("Observation/ex-2-", StringComparison.Ordinal)));
        Assert.Equal(5, lines.Count);
    }

    /// <summary>More people than one search asks for, of whom most are not there.</summary>
    [Fact]
    public async Task Of_many_patients_each_resource_comes_once()
    {
        await Fill();
        await Put("Appointment", "ex-both", """
            "status":"booked","start":"2026-01-01T10:00:00Z","end":"2026-01-01T11:00:00Z","participant":[{"actor":{"reference":"Patient/ex-1"},"status":"accepted"},{"actor":{"reference":"Patient/ex-3"},"status":"accepted"}]
            """);
        var named = Enumerable.Range(0, 997).Select(i => i < 400 ? $"ab-{i}" : $"fa-{i}").Append("ex-1").Append("ex-3").Select(id => $$$"""{"name":"patient","valueReference":{"reference":"Patient/{{{id}}}"}}""");
        var begun = await Client.Send("POST", "Patient/$export", System.Text.Encoding.UTF8.GetBytes($$"""{"resourceType":"Parameters","parameter":[{{string.Join(',', named)}}]}"""), headers: "Prefer: respond-async");
        Assert.True(begun.Status == 202, begun.Body);
        var lines = await Lines((await Client.Send("GET", Below(begun.Header("Content-Location")!))).Json);
        Assert.Equal(lines.Count, lines.Distinct().Count());
        Assert.Equal(["Appointment/ex-both", "Patient/ex-1", "Patient/ex-3"], lines.Where(l => !l.StartsWith("Observation", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(10, lines.Count(l => l.StartsWith("Observation/ex-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_cancelled_is_gone()
    {
        await Fill();
        var begun = await Client.Send("GET", "$export?_type=Patient", headers: "Prefer: respond-async");
        var place = Below(begun.Header("Content-Location")!);
        var file = Below((string)(await Client.Send("GET", place)).Json["output"]![0]!["url"]!);
        Assert.Equal(202, (await Client.Send("DELETE", place)).Status);
        foreach (var (method, url) in ((string, string)[])[("GET", place), ("DELETE", place), ("GET", file)]) Assert.Equal(404, (await Client.Send(method, url)).Status);
    }

    [Fact]
    public async Task Is_compressed_and_a_head_brings_no_body()
    {
        await Fill();
        var file = Below((string)(await Manifest("$export?_type=Observation"))["output"]![0]!["url"]!);
        var packed = await Client.Send("GET", file, headers: "Accept-Encoding: gzip");
        Assert.Equal("gzip", packed.Header("Content-Encoding"));
        Assert.Equal((200, ""), ((await Client.Send("HEAD", file)).Status, (await Client.Send("HEAD", file)).Body));
    }
}
