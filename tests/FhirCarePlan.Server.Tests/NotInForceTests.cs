using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using FhirCarePlan.Sharing;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests;

/// <summary>An agreement that is not in force: said at start, in the log, by the health check and to those whom it closes; Production does
/// not start on it; and people keep their own record.</summary>
public sealed class NotInForceTests : IDisposable
{
    private const string Name = "rivelin-partnership";
    private readonly string folder = Directory.CreateTempSubdirectory("fcp-agreement-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Shipped(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "profiles", "sharing", file));

    /// <summary>The shipped agreement with one thing about it changed.</summary>
    private string Agreement(string state)
    {
        var (text, signatures) = (Shipped($"{Name}.yaml"), Shipped($"{Name}.signatures.yaml"));
        var hash = ProtocolFile.HashOf(System.Text.Encoding.UTF8.GetBytes(text));
        (text, signatures) = state switch
        {
            "ended" => (text.Replace("to: 2099-12-31, review: 2030-11-30", "to: 2020-12-31, review: 2020-11-30", StringComparison.Ordinal), signatures),
            "not-yet" => (text.Replace("from: 2020-01-01, to: 2099-12-31", "from: 2098-01-01, to: 2099-12-31", StringComparison.Ordinal), signatures),
            "not-active" => (text.Replace("status: active\neffective", "status: draft\neffective", StringComparison.Ordinal), signatures),
            "changed" => (text + "\n# one more line\n", signatures),
            "signed-later" => (text, signatures.Replace("on: 2020-01-01", "on: 2098-01-01", StringComparison.Ordinal)),
            _ => (text, ""),
        };
        if (state != "changed") signatures = signatures.Replace(hash, ProtocolFile.HashOf(System.Text.Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal);
        var file = Path.Combine(folder, $"{Name}.yaml");
        File.WriteAllText(file, text);
        if (signatures.Length > 0) File.WriteAllText(Path.Combine(folder, $"{Name}.signatures.yaml"), signatures);
        return file;
    }

    private static Dictionary<string, string> Production(string agreement, string data) => new()
    {
        ["urls"] = ServerProcess.AnyPort, ["Sharing:Protocols"] = agreement, ["Server:BaseUrl"] = "https://care.example/fhir",
        ["Authentication:Authority"] = "https://id.example", ["Authentication:Audience"] = "us", ["Ledger:Key"] = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        ["Storage:ConnectionString"] = $"Data Source={Path.Combine(data, "x.db")}",
    };

    [Theory]
    [InlineData("unsigned", "is not signed by every party: Rivelin Mental Health Trust has not signed")]
    [InlineData("changed", "signed another text, so the agreement was changed after that")]
    [InlineData("ended", "ended on 31 December 2020")]
    [InlineData("not-yet", "does not begin before 1 January 2098")]
    [InlineData("not-active", "its status is draft")]
    [InlineData("signed-later", "has dated its signature 1 January 2098, which is still to come")]
    public async Task Production_does_not_start_on_it(string state, string why)
    {
        var (exit, output, error) = await ServerProcess.RunToEnd(Production(Agreement(state), folder), "Production");
        Assert.Equal((1, ""), (exit, output));
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), l => l.StartsWith("FhirCarePlan does not start", StringComparison.Ordinal));
        Assert.Contains(why, line, StringComparison.Ordinal);
        Assert.Contains("set Sharing:NotInForce to `Start`", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_starts_on_it_when_told_to_and_says_so()
    {
        var settings = Production(Agreement("ended"), folder);
        settings["Sharing:NotInForce"] = "Start";
        await using var server = await ServerProcess.Start(settings, environment: "Production");
        Assert.Contains("ATTENTION   The agreement is not in force. The sharing agreement ended on 31 December 2020.", server.Output, StringComparison.Ordinal);
        var ready = await server.Anonymous.GetFromJsonAsync<JsonObject>("health/ready");
        Assert.Equal(("degraded", "ended", false), ((string)ready!["status"]!, (string)ready["agreement"]!["state"]!, (bool)ready["agreement"]!["inForce"]!));
    }

    [Fact]
    public async Task Whoever_meets_it_is_told_and_people_keep_their_own_record()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Sharing:Protocols"] = Agreement("unsigned") });
        Assert.Contains("ATTENTION   The agreement is not in force.", server.Output, StringComparison.Ordinal);
        for (var tries = 0; !server.Output.Contains("IS NOT IN FORCE (unsigned)", StringComparison.Ordinal); tries++)
        {
            Assert.True(tries < 100, server.Output);
            await Task.Delay(50);
        }
        using var answer = await server.Anonymous.GetAsync("health/ready");
        // A load balancer must not take away what still serves each party's own record.
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("unsigned", (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["agreement"]!["state"]!);
        Assert.Contains("not in force", await (await Page(server)).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // The holder works on with its own; the practice is closed, and told why.
        Assert.Equal(HttpStatusCode.OK, (await (await server.As("care-coordinator")).Get("CarePlan/robin-plan")).Status);
        var gp = await server.As("gp");
        foreach (var url in (string[])["CarePlan/robin-plan", "CarePlan/never-was-one"])
        {
            var closed = await gp.Get(url);
            Assert.Equal(HttpStatusCode.NotFound, closed.Status);
            Assert.Contains("is not signed by every party", closed.Body, StringComparison.Ordinal);
            Assert.Contains("you see only what Meadow Practice holds itself", closed.Body, StringComparison.Ordinal);
        }
        var found = await gp.Get("CarePlan");
        Assert.Contains("is not signed by every party", Said(found), StringComparison.Ordinal);

        // The governance lead is told which text it is.
        var lead = Said(await (await server.As("ig-lead")).Get("AuditEvent?_count=1"));
        Assert.Contains("SHA-256", lead, StringComparison.Ordinal);
        Assert.DoesNotContain("SHA-256", Said(found), StringComparison.Ordinal);

        var person = await server.As("person");
        var own = await person.Get("CarePlan/robin-plan");
        Assert.Equal(HttpStatusCode.OK, own.Status);
        Assert.Equal(HttpStatusCode.OK, (await person.Get("Patient/robin")).Status);
        Assert.Equal(HttpStatusCode.OK, (await person.Get("Patient/robin/$disclosures")).Status);
        Assert.Contains("robin-plan", (await person.Get("CarePlan")).Entries.Where(e => (string?)e["search"]?["mode"] == "match").Select(e => (string)e["resource"]!["id"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await person.Get("CarePlan/sky-plan")).Status);
        // And may change their mind.
        Assert.Equal(HttpStatusCode.Created, (await person.Post("Consent", Talk.Sample("tour/refusal-by-person.json"))).Status);
    }

    [Fact]
    public async Task In_force_nobody_hears_of_it()
    {
        await using var server = await ServerProcess.Start();
        Assert.DoesNotContain("ATTENTION", server.Output, StringComparison.Ordinal);
        var ready = await server.Anonymous.GetFromJsonAsync<JsonObject>("health/ready");
        Assert.Equal(("ready", "in-force"), ((string)ready!["status"]!, (string)ready["agreement"]!["state"]!));
        Assert.DoesNotContain((await (await server.As("gp")).Get("CarePlan")).Entries, e => (string?)e["search"]?["mode"] == "outcome");
    }

    private static string Said(Heard searched) =>
        (string)Assert.Single(searched.Entries, e => (string?)e["search"]?["mode"] == "outcome")["resource"]!["issue"]![0]!["diagnostics"]!;

    private static Task<HttpResponseMessage> Page(ServerProcess server)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "");
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        return server.Anonymous.SendAsync(request);
    }
}
