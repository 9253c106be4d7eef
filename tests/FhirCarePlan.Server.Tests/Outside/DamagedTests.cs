using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>A stored resource that a disk changed is a 500 for itself alone, to those in whose view it is, and content of it goes nowhere: into
/// no answer, no log.</summary>
public sealed class DamagedTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("fcp-damaged-").FullName;
    private ServerProcess server = null!;
    private HttpClient coordinator = null!, gp = null!, stranger = null!;
    private byte[] body = null!;

    private string Database => $"Data Source={Path.Combine(folder, "damaged.db")};Pooling=False";

    public async Task InitializeAsync()
    {
        server = await ServerProcess.Start(new Dictionary<string, string> { ["Storage:Engine"] = "Sqlite", ["Storage:ConnectionString"] = Database }, folder);
        (coordinator, gp) = (await server.As("care-coordinator"), await server.As("gp"));
        foreach (var persona in (string[])["housing-officer", "voluntary-worker", "carer", "outsider"])
            if ((await (stranger = await server.As(persona)).Send("GET", "CarePlan/robin-plan")).Status == 404) break;
        body = (byte[])Run("SELECT body FROM version WHERE no = (SELECT version FROM resource WHERE id = 'robin-plan')")!;
        var other = body.ToArray();
        other[other.Length / 2] ^= 4;
        Write(other);
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, true);
    }

    private void Write(byte[] bytes) =>
        Run("UPDATE version SET body = $body WHERE no = (SELECT version FROM resource WHERE id = 'robin-plan')", ("$body", bytes));

    private object? Run(string sql, params (string, object)[] values)
    {
        using var connection = new SqliteConnection(Database);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command.ExecuteScalar();
    }

    [Fact]
    public async Task It_is_500_for_itself_alone_and_never_shown()
    {
        foreach (var client in (HttpClient[])[coordinator, gp])
            foreach (var url in (string[])["CarePlan/robin-plan", "CarePlan/robin-plan?_summary=true", "CarePlan/robin-plan?_format=xml"])
            {
                var read = await client.Send("GET", url);
                Assert.Equal(500, read.Status);
                Assert.Contains("A stored resource is damaged", read.Body, StringComparison.Ordinal);
                AssertNothingOfIt(read);
            }
        var outcome = await coordinator.Send("GET", "CarePlan/robin-plan");
        Assert.Equal(("OperationOutcome", "exception"), ((string)outcome.Json["resourceType"]!, (string)outcome.Json["issue"]![0]!["code"]!));

        Assert.Equal(200, (await coordinator.Send("GET", "CarePlan/robin-crisis-plan")).Status);
        Assert.Equal(200, (await coordinator.Send("GET", "Goal?patient=Patient/robin")).Status);

        // Out of view it is as absent as ever.
        var (hidden, absent) = (await stranger.Send("GET", "CarePlan/robin-plan"), await stranger.Send("GET", "CarePlan/never-was-one"));
        Assert.Equal((404, absent.Body), (hidden.Status, hidden.Body));
        var log = await Logged("is damaged and was not shown");
        Assert.DoesNotContain("robin", log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CarePlan?patient=Patient/robin", "CarePlan/robin-crisis-plan")]
    [InlineData("CarePlan?patient=Patient/robin&_elements=status", "CarePlan/robin-crisis-plan")]
    [InlineData("Patient?_id=robin&_revinclude=CarePlan:subject", "Patient/robin")]
    public async Task A_search_shows_the_others_and_says_that_one_is_missing(string search, string shown)
    {
        var found = await coordinator.Send("GET", search);
        Assert.Equal(200, found.Status);
        AssertNothingOfIt(found);
        var entries = found.Json["entry"]!.AsArray();
        Assert.Contains(entries, e => $"{e!["resource"]!["resourceType"]}/{e["resource"]!["id"]}" == shown);
        var outcome = Assert.Single(entries, e => (string)e!["resource"]!["resourceType"]! == "OperationOutcome");
        Assert.Equal(("outcome", null), ((string)outcome!["search"]!["mode"]!, outcome["fullUrl"]));
    }

    [Fact]
    public async Task History_shows_the_other_versions()
    {
        Write(body);
        var read = await coordinator.Send("GET", "CarePlan/robin-plan");
        Assert.Equal(200, read.Status);
        var put = await coordinator.Send("PUT", "CarePlan/robin-plan", System.Text.Encoding.UTF8.GetBytes(read.Body), Wire.Fhir, $"If-Match: {read.Header("ETag")}");
        Assert.True(put.Status == 200, put.Body);
        Run("UPDATE version SET body = X'7B7D' WHERE no = (SELECT min(v.no) FROM version v JOIN resource r ON r.key = v.resource WHERE r.id = 'robin-plan')");
        var history = await coordinator.Send("GET", "CarePlan/robin-plan/_history");
        Assert.Equal(200, history.Status);
        var entries = history.Json["entry"]!.AsArray();
        Assert.Equal(["200", "500"], entries.Select(e => (string)e!["response"]!["status"]!));
        Assert.NotNull(entries[0]!["resource"]);
        Assert.Equal((null, "OperationOutcome"), (entries[1]!["resource"], (string)entries[1]!["response"]!["outcome"]!["resourceType"]!));
    }

    [Fact]
    public async Task Nothing_is_written_over_it_and_a_bundle_hears_it_in_its_place()
    {
        var put = await coordinator.Send("PUT", "CarePlan/robin-plan", body, Wire.Fhir);
        Assert.True(put.Status is 500 or 428, put.Body);
        var batch = await coordinator.Send("POST", "", System.Text.Encoding.UTF8.GetBytes(Wire.Bundle("batch",
            Wire.Entry("GET", "CarePlan/robin-plan"), Wire.Entry("GET", "CarePlan/robin-crisis-plan")).ToJsonString()));
        Assert.Equal((200, "500 200"), (batch.Status, string.Join(' ', batch.Json["entry"]!.AsArray().Select(e => (string)e!["response"]!["status"]!))));
        AssertNothingOfIt(batch);
        Write(body);
        Assert.Equal(200, (await coordinator.Send("GET", "CarePlan/robin-plan")).Status);
    }

    /// <summary>Words of the plan's content.</summary>
    private static void AssertNothingOfIt(Reply reply)
    {
        foreach (var word in (string[])["\"activity\"", "robin-plan\"", "Extension-CPA-"])
            if (!reply.Body.Contains("robin-crisis-plan", StringComparison.Ordinal) && !reply.Body.Contains("\"Patient\"", StringComparison.Ordinal))
                Assert.DoesNotContain(word, reply.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"id\":\"robin-plan\"", reply.Body, StringComparison.Ordinal);
    }

    private async Task<string> Logged(string words)
    {
        for (var tries = 0; ; tries++)
        {
            var log = server.Output;
            if (log.IndexOf(words, StringComparison.Ordinal) is >= 0 and var at) return log[Math.Max(0, at - 200)..];
            Assert.True(tries < 100, log);
            await Task.Delay(50);
        }
    }
}
