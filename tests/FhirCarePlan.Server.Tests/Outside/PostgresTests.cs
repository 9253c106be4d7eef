using System.Text;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>The server on PostgreSQL: two processes share one database, and a database that goes away comes back.</summary>
public sealed class PostgresTests
{
    [PostgresFact]
    public async Task Two_processes_on_one_database_are_one_server()
    {
        var database = PostgresCluster.NewDatabase();
        await using var one = await Start(database);
        await using var two = await Start(database, ("Samples:Load", "false"));
        var (first, second) = (await one.As("care-coordinator"), await two.As("care-coordinator"));

        var made = await first.Send("POST", "Goal", Goal("Made by one"));
        Assert.Equal(201, made.Status);
        var id = (string)made.Json["id"]!;
        var read = await second.Send("GET", $"Goal/{id}");
        Assert.Equal((200, made.Header("ETag")), (read.Status, read.Header("ETag")));

        // Of many who change the same version through both, one wins; nobody is told anything that is not so.
        for (var round = 0; round < 5; round++)
        {
            var tag = (await first.Send("GET", $"Goal/{id}")).Header("ETag");
            var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => (n % 2 == 0 ? first : second).Send("PUT", $"Goal/{id}",
                Goal($"round {round} change {n}", id), Wire.Fhir, $"If-Match: {tag}")));
            var winner = Assert.Single(replies, reply => reply.Status == 200);
            Assert.All(replies, reply => Assert.Contains(reply.Status, (int[])[200, 412, 503]));
            var after = await second.Send("GET", $"Goal/{id}");
            Assert.Equal((winner.Header("ETag"), (string)winner.Json["description"]!["text"]!), (after.Header("ETag"), (string)after.Json["description"]!["text"]!));
        }
        var history = (await first.Send("GET", $"Goal/{id}/_history")).Json;
        Assert.Equal(6, history["entry"]!.AsArray().Count);
    }

    [PostgresFact]
    public async Task A_lost_database_is_503_and_comes_back_without_a_restart()
    {
        var database = PostgresCluster.NewDatabase();
        await using var server = await Start(database);
        var client = await server.As("care-coordinator");
        var made = await client.Send("POST", "Goal", Goal("Before"));
        Assert.Equal(201, made.Status);
        PostgresCluster.Disconnect(database);
        var replies = new List<Reply>();
        for (var n = 0; n < 20 && (replies.Count == 0 || replies[^1].Status != 200); n++)
            replies.Add(await client.Send("GET", $"Goal/{made.Json["id"]}"));
        Assert.Equal(200, replies[^1].Status);
        Assert.All(replies.SkipLast(1), reply => Assert.Equal((503, true), (reply.Status, reply.Header("Retry-After") != null)));
        Assert.Equal(201, (await client.Send("POST", "Goal", Goal("After"))).Status);
    }

    private static Task<ServerProcess> Start(string database, params (string, string)[] more) => ServerProcess.Start(
        new Dictionary<string, string>([new("Storage:Engine", "Postgres"), new("Storage:ConnectionString", database),
            .. more.Select(one => new KeyValuePair<string, string>(one.Item1, one.Item2)),
            new("Ledger:Key", Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(n => (byte)n)]))]));

    private static byte[] Goal(string text, string? id = null) => Encoding.UTF8.GetBytes($$$"""
        {"resourceType":"Goal",{{{(id is null ? "" : $"\"id\":\"{id}\",")}}}"lifecycleStatus":"active","description":{"text":"{{{text}}}"},
        "subject":{"reference":"Patient/robin"}}
        """);
}
