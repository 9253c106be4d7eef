using FhirCarePlan.Server.Tests.Outside;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>An export holds what its caller sees when they fetch it, and is nobody else's (src/docs/sharing.md#leaks, 23).</summary>
public class ExportViewTests
{
    private static async Task<(string Place, Dictionary<string, string> Files)> Begin(HttpClient client, string question)
    {
        var begun = await client.Send("GET", question, headers: "Prefer: respond-async");
        Assert.True(begun.Status == 202, begun.Body);
        var place = begun.Header("Content-Location")![client.BaseAddress!.ToString().Length..];
        var manifest = await client.Send("GET", place);
        return (place, manifest.Json["output"]!.AsArray().ToDictionary(o => (string)o!["type"]!, o => ((string)o!["url"]!)[client.BaseAddress!.ToString().Length..]));
    }

    private static async Task<string[]> Lines(HttpClient client, string file) =>
        [.. (await client.Send("GET", file)).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    [Theory]
    [InlineData("care-coordinator")]
    [InlineData("gp")]
    [InlineData("social-worker")]
    [InlineData("housing-officer")]
    [InlineData("person")]
    [InlineData("outsider")]
    public async Task Holds_what_the_caller_finds_by_searching(string persona)
    {
        await using var server = await ServerProcess.Start();
        var client = await server.As(persona);
        var (_, files) = await Begin(client, "$export");
        foreach (var type in Core.StoredTypes.Default.Where(Interactions.Inclusion.IsOn))
        {
            var found = (await client.Get($"{type}?_count=1000")).Json["entry"]?.AsArray().Where(e => (string?)e!["search"]!["mode"] == "match")
                .Select(e => e!["resource"]!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })).Order(StringComparer.Ordinal).ToArray() ?? [];
            Assert.Equal(found, files.TryGetValue(type, out var file) ? await Lines(client, file) : []);
        }
    }

    [Fact]
    public async Task What_is_refused_meanwhile_does_not_leave_and_others_do_not_know_of_it()
    {
        await using var server = await ServerProcess.Start();
        var (trust, gp, nurse) = (await server.As("care-coordinator"), await server.As("gp"), await server.As("psychiatrist"));
        var (place, files) = await Begin(gp, "Patient/$export?_type=CarePlan,Condition");
        Assert.Contains(await Lines(gp, files["CarePlan"]), line => line.Contains("robin-plan", StringComparison.Ordinal));
        var refusal = Talk.SampleJson("tour/refusal-by-person.json");
        refusal["organization"]![0]!["reference"] = "Organization/rivelin-trust";
        refusal["provision"]!["actor"]![0]!["reference"]!["reference"] = "Organization/meadow-practice";
        Assert.Equal(201, (int)(await trust.Post("Consent", refusal.ToJsonString())).Status);
        Assert.DoesNotContain(await Lines(gp, files["CarePlan"]), line => line.Contains("robin-plan", StringComparison.Ordinal));

        var absent = await nurse.Send("GET", "$export-status/never-was-one");
        foreach (var url in (string[])[place, files["CarePlan"]])
        {
            Assert.Equal((404, absent.Body), ((await nurse.Send("GET", url)).Status, (await nurse.Send("GET", url)).Body));
            Assert.Equal(404, (await trust.Send("GET", url)).Status);
        }
        Assert.Equal((404, absent.Body), ((await nurse.Send("DELETE", place)).Status, (await nurse.Send("DELETE", place)).Body));
        Assert.Equal(200, (await gp.Send("GET", place)).Status);
    }

    [Fact]
    public async Task Nobody_fills_the_store_with_jobs()
    {
        await using var server = await ServerProcess.Start();
        var client = await server.As("voluntary-worker");
        var place = "";
        for (var i = 0; i < 50; i++) (place, _) = await Begin(client, "$export?_type=Patient");
        var refused = await client.Send("GET", "$export", headers: "Prefer: respond-async");
        Assert.Equal((429, true), (refused.Status, refused.Header("Retry-After") != null));
        Assert.Equal(202, (await (await server.As("gp")).Send("GET", "$export", headers: "Prefer: respond-async")).Status);
        Assert.Equal(202, (await client.Send("DELETE", place)).Status);
        Assert.Equal(202, (await client.Send("GET", "$export", headers: "Prefer: respond-async")).Status);
    }

    [Fact]
    public async Task A_restart_loses_nothing_and_every_release_is_on_record()
    {
        var folder = Directory.CreateTempSubdirectory("fcp-").FullName;
        try
        {
            string place, file;
            await using (var before = await ServerProcess.Start(dataFolder: folder))
            {
                var (begun, files) = await Begin(await before.As("gp"), "$export?_type=CarePlan");
                (place, file) = (begun, files["CarePlan"]);
                await before.Kill();
            }
            await using var after = await ServerProcess.Start(dataFolder: folder);
            var gp = await after.As("gp");
            Assert.Equal(200, (await gp.Send("GET", place)).Status);
            Assert.NotEmpty(await Lines(gp, file));
            var told = await (await after.As("ig-lead")).Get("AuditEvent?entity=CarePlan/robin-plan&_count=200");
            Assert.Contains(told.Entries, e => e["resource"]!.ToJsonString().Contains("export-file", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
