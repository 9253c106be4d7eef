namespace FhirCarePlan.Server.Tests;

/// <summary>The process as its operator meets it.</summary>
public class StartupTests
{
    private static readonly Dictionary<string, string> Loopback = new() { ["urls"] = "http://127.0.0.1:0" };

    [Fact]
    public async Task Outside_development_it_does_not_start_without_authority_address_and_protocol()
    {
        var (exit, output, error) = await ServerProcess.RunToEnd(Loopback, "Production");
        Assert.Equal(1, exit);
        Assert.Equal("", output);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Sharing:Protocols is missing", line, StringComparison.Ordinal);
        Assert.Contains("Authentication:Authority is missing", line, StringComparison.Ordinal);
        Assert.Contains("Server:BaseUrl is missing", line, StringComparison.Ordinal);
        Assert.Contains("Ledger:KeyFile is missing", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Fhir:Types", "Patient,Person,Nobody", "`Nobody` is not a resource type of R4")]
    [InlineData("Sharing:Protocols", "nowhere.yaml", "Setting Sharing:Protocols is `nowhere.yaml`")]
    [InlineData("Sharing:Protocols", "samples", "None of 0 protocols is in force")]
    public async Task It_says_in_a_line_what_it_does_not_start_on(string setting, string value, string why)
    {
        var (exit, _, error) = await ServerProcess.RunToEnd(new Dictionary<string, string>(Loopback) { [setting] = value }, "Development");
        Assert.Equal(1, exit);
        Assert.Contains(why, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Started_from_another_folder_it_finds_its_files_says_four_lines_and_keeps_its_data_over_a_kill()
    {
        await using var server = await ServerProcess.Start();
        var lines = server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(4, lines.Length);
        Assert.Equal($"FHIR base   {server.Address}fhir", lines[0]);
        Assert.Equal($"Swagger UI  {server.Address}swagger", lines[1]);
        Assert.StartsWith("Personas    care-coordinator, psychiatrist, gp,", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("Stop ", lines[3], StringComparison.Ordinal);

        await server.Kill();
        await server.Restart();
        Assert.NotEqual("", await server.Token("gp"));
    }

    [Fact]
    public async Task What_is_anonymous_answers_and_everything_else_wants_a_token()
    {
        await using var server = await ServerProcess.Start();
        foreach (var open in (string[])["", "health", "health/live", "health/ready", "swagger/index.html", "openapi/fhircareplan.json", "profiles", "profiles/StructureDefinition-CPA-CarePlan.json", "dev/personas", "fhir/metadata"])
            Assert.Equal((200, open), ((int)(await server.Anonymous.GetAsync(open)).StatusCode, open));
        foreach (var closed in (string[])["fhir", "fhir/Patient", "fhir/Patient/robin", "fhir/AuditEvent", "fhir/Nothing/x", "elsewhere", "dev", "profiles/../appsettings.json", "appsettings.json"])
            Assert.Equal((401, closed), ((int)(await server.Anonymous.GetAsync(closed)).StatusCode, closed));
        Assert.Equal(404, (int)(await server.Anonymous.GetAsync("profiles/..%2Fappsettings.json")).StatusCode);
        Assert.Equal(401, (int)(await server.Anonymous.PostAsync("fhir", new StringContent("{}"))).StatusCode);
    }

    [Fact]
    public async Task Open_to_other_machines_it_has_no_built_in_issuer()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["urls"] = "http://0.0.0.0:0" });
        Assert.Equal(401, (int)(await server.Anonymous.GetAsync("dev/personas")).StatusCode);
        Assert.Equal(401, (int)(await server.Anonymous.PostAsync("dev/token", new StringContent(""))).StatusCode);
        Assert.Contains("Personas    none", server.Output, StringComparison.Ordinal);
    }
}
