using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Outside;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>An import may do what its caller may do by single requests, and nothing else (src/docs/rest.md#import).</summary>
public class ImportViewTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private static string Key(string outcome) => (string?)JsonNode.Parse(outcome)!["issue"]![0]!["details"]?["coding"]?[0]?["code"] ?? (string)JsonNode.Parse(outcome)!["issue"]![0]!["code"]!;

    /// <summary>Each line alone gets the answer that it gets within an import.</summary>
    [Theory]
    [InlineData("gp")]
    [InlineData("housing-officer")]
    [InlineData("outsider")]
    [InlineData("person")]
    [InlineData("care-coordinator")]
    public async Task A_line_is_refused_as_the_request_would_be(string persona)
    {
        var client = await samples.Process.As(persona);
        var changed = Talk.SampleJson("partnership/CarePlan-robin-plan.json");
        changed["description"] = "Changed";
        var plan = changed.ToJsonString();
        string[] lines =
        [
            """{"resourceType":"Observation","status":"final","code":{"text":"note"},"subject":{"reference":"Patient/lee"}}""",
            """{"resourceType":"Observation","status":"final","code":{"text":"note"},"subject":{"reference":"Patient/never-was-one"}}""",
            """{"resourceType":"Patient","id":"chosen-by-me","name":[{"family":"Chosen"}]}""",
            plan,
            """{"resourceType":"Binary","contentType":"text/plain","data":"QUJD"}""",
            """{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{"reference":"Patient/robin"},"category":[{"coding":[{"system":"http://snomed.info/sct","code":"718347000"}]}]}""",
        ];
        var begun = await ImportTests.Begin(client, string.Join('\n', lines));
        if (persona == "outsider")
        {
            Assert.Equal(404, begun.Status);
            return;
        }
        var (_, _, output, error) = await ImportTests.End(client, begun.Header("Content-Location")![client.BaseAddress!.ToString().Length..]);
        Assert.Equal(lines.Length, output.Length + error.Length);
        var said = error.ToDictionary(o => (string)JsonNode.Parse(o)!["id"]!);
        for (var i = 0; i < lines.Length; i++)
        {
            var resource = JsonNode.Parse(lines[i])!;
            var (type, id) = ((string)resource["resourceType"]!, (string?)resource["id"]);
            var alone = id is null ? await client.Post(type, lines[i]) : await client.Put($"{type}/{id}", lines[i], resource["meta"]?["versionId"] is { } version ? $"W/\"{version}\"" : null);
            Assert.Equal((int)alone.Status >= 400, said.ContainsKey($"line-{i + 1}"));
            if (said.TryGetValue($"line-{i + 1}", out var outcome)) Assert.Equal(alone.ErrorKeys[0], Key(outcome));
        }
    }

    /// <summary>Hidden and absent are one refusal here, too.</summary>
    [Fact]
    public async Task A_line_does_not_tell_what_is_hidden()
    {
        var officer = await samples.Process.As("housing-officer");
        Assert.Equal(404, (int)(await officer.Get("Condition/robin-schizophrenia")).Status);
        string Line(string id) => $$$"""{"resourceType":"Condition","id":"{{{id}}}","subject":{"reference":"Patient/robin"},"code":{"text":"x"}}""";
        var (hidden, absent) = (await ImportTests.Import(officer, Line("robin-schizophrenia")), await ImportTests.Import(officer, Line("never-was-one")));
        Assert.Equal(absent.Error, hidden.Error);
        Assert.Empty(hidden.Output);
    }

    [Fact]
    public async Task It_is_its_callers_and_every_line_is_on_record()
    {
        var (trust, gp, lead) = (await samples.Process.As("psychiatrist"), await samples.Process.As("gp"), await samples.Process.As("ig-lead"));
        var (place, result, output, _) = await ImportTests.Import(trust, """{"resourceType":"Observation","status":"final","code":{"text":"note"},"subject":{"reference":"Patient/robin"}}""");
        var file = ((string)result["output"]![0]!["url"]!)[trust.BaseAddress!.ToString().Length..];
        var absent = await gp.Send("GET", "$import-status/never-was-one");
        foreach (var (method, url) in ((string, string)[])[("GET", place), ("GET", file), ("DELETE", place)])
            Assert.Equal((404, absent.Body), ((await gp.Send(method, url)).Status, (await gp.Send(method, url)).Body));
        var id = JsonNode.Parse(output[0])!["issue"]!.AsArray().Select(i => (string)i!["diagnostics"]!).Single(t => t.StartsWith("Stored as ", StringComparison.Ordinal))["Stored as ".Length..].Split("/_history")[0];
        var events = await lead.Get($"AuditEvent?entity={id}&_count=5");
        Assert.Contains(events.Entries, e => e["resource"]!.ToJsonString().Contains("\"create\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restart_goes_on_where_it_was()
    {
        var folder = Directory.CreateTempSubdirectory("fcp-").FullName;
        string place;
        await using (var server = await ServerProcess.Start(OneOrganisation.Settings, dataFolder: folder))
        {
            var client = await server.As("system");
            var begun = await ImportTests.Begin(client, string.Join('\n', Enumerable.Range(0, 3000).Select(i => $$$"""{"resourceType":"Patient","name":[{"family":"Restart{{{i}}}"}]}""")));
            place = begun.Header("Content-Location")![client.BaseAddress!.ToString().Length..];
            while ((await client.Get("Patient?_summary=count")).Total < 50) await Task.Delay(20);
            Assert.Equal(202, (await client.Send("GET", place)).Status);
            await server.Kill();
        }
        await using (var server = await ServerProcess.Start(OneOrganisation.Settings, dataFolder: folder))
        {
            var client = await server.As("system");
            var (_, _, output, error) = await ImportTests.End(client, place);
            Assert.Equal((3000, 0), (output.Length, error.Length));
            Assert.Equal(3000, (await client.Get("Patient?_summary=count")).Total);
        }
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>What another caller has stored, in view or not, says nothing about a line of one's own.</summary>
    [Fact]
    public async Task A_line_that_another_caller_has_stored_is_judged_like_any()
    {
        const string line = """{"resourceType":"Observation","status":"final","code":{"text":"guessed"},"subject":{"reference":"Patient/robin"}}""";
        var (first, lead) = (await samples.Process.As("psychiatrist"), await samples.Process.As("ig-lead"));
        Assert.Empty((await ImportTests.Import(first, line)).Error);
        var (known, unknown) = (await ImportTests.Import(lead, line), await ImportTests.Import(lead, line.Replace("guessed", "never", StringComparison.Ordinal)));
        Assert.Empty(known.Output);
        Assert.Equal(unknown.Error, known.Error);
    }
}
