using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace FhirCarePlan.Server.Tests.Http;

/// <summary>What a load balancer asks: each condition by its name, and nothing about anybody.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task It_names_what_is_wrong_and_is_well_again_by_itself()
    {
        await using var server = await ServerProcess.Start(new Dictionary<string, string> { ["Storage:Engine"] = "Sqlite" });
        var file = Path.Combine(server.DataFolder, "test.db");
        Assert.Equal((200, "live"), await Status(server, "health/live"));
        var (code, ready) = await Ready(server);
        Assert.Equal((200, "ready", "ok", "ok", "current", true), (code, (string)ready["status"]!, (string)ready["database"]!, (string)ready["space"]!, (string)ready["labels"]!, (bool)ready["agreement"]!["signed"]!));

        // Nobody knows that the file is gone until somebody writes; from then on the check tries by itself.
        File.Move(file, file + ".away");
        Assert.Equal(503, (int)(await server.Anonymous.GetAsync("fhir/metadata")).StatusCode);
        (code, ready) = await Ready(server);
        Assert.Equal((503, "unavailable"), (code, (string)ready["status"]!));
        Assert.StartsWith("cannot be", (string)ready["database"]!, StringComparison.Ordinal);
        Assert.Equal((200, "live"), await Status(server, "health/live"));
        File.Move(file + ".away", file);
        (code, ready) = await Ready(server);
        Assert.Equal((200, "ready"), (code, (string)ready["status"]!));

        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE setting SET value = 'another' WHERE name = 'labels-generation'";
            command.ExecuteNonQuery();
        }
        (code, ready) = await Ready(server);
        Assert.Equal((503, "made under another agreement"), (code, (string)ready["labels"]!));
    }

    private static async Task<(int, JsonObject)> Ready(ServerProcess server)
    {
        using var answer = await server.Anonymous.GetAsync("health/ready");
        return ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    private static async Task<(int, string)> Status(ServerProcess server, string url)
    {
        using var answer = await server.Anonymous.GetAsync(url);
        return ((int)answer.StatusCode, (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["status"]!);
    }
}
