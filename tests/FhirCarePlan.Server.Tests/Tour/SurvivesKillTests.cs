using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>SIGKILL in the middle of writes and transactions: acknowledged writes are whole, searchable and audited; others are there whole
/// or not at all.</summary>
public class SurvivesKillTests
{
    [Fact]
    public async Task Every_acknowledged_write_outlives_the_process()
    {
        await using var server = await ServerProcess.Start();
        var acknowledged = new ConcurrentBag<string>();
        var pairs = new ConcurrentBag<string>();
        var coordinator = await server.As("care-coordinator");
        var writers = Enumerable.Range(0, 6)
            .Select(n => Task.Run(() => n % 2 == 0 ? WriteGoals(coordinator, acknowledged) : WritePairs(coordinator, n, pairs))).ToArray();
        while (acknowledged.Count < 40 || pairs.Count < 10) await Task.Delay(20);
        await server.Kill();
        await Task.WhenAll(writers);

        await server.Restart();
        coordinator = await server.As("care-coordinator");
        var found = await coordinator.Get("Goal?_count=1000");
        var there = found.Ids.ToHashSet();
        Assert.Empty(acknowledged.Except(there));
        var lead = await server.As("ig-lead");
        foreach (var id in acknowledged.Take(10))
        {
            Assert.Equal(HttpStatusCode.OK, (await coordinator.Get($"Goal/{id}")).Status);
            Assert.NotEmpty((await lead.Get($"AuditEvent?entity=Goal/{id}")).Entries);
        }
        // A transaction's two goals carry one mark: both or none.
        var marks = found.Entries.Select(e => (string?)e["resource"]!["identifier"]?[0]?["value"]).OfType<string>().GroupBy(m => m)
            .ToDictionary(g => g.Key, g => g.Count());
        Assert.All(marks, m => Assert.Equal(2, m.Value));
        Assert.Empty(pairs.Except(marks.Keys));
    }

    private static async Task WriteGoals(HttpClient client, ConcurrentBag<string> acknowledged)
    {
        try
        {
            while (await client.Post("Goal", Goal(null).ToJsonString()) is { Status: HttpStatusCode.Created } created)
                acknowledged.Add(created.Id);
        }
        catch (Exception gone) when (IsHangUp(gone))
        {
            // The process is gone.
        }
    }

    private static async Task WritePairs(HttpClient client, int writer, ConcurrentBag<string> pairs)
    {
        try
        {
            for (var n = 0; ; n++)
            {
                var mark = $"pair-{writer}-{n}";
                var answer = await client.Post("", new JsonObject
                {
                    ["resourceType"] = "Bundle",
                    ["type"] = "transaction",
                    ["entry"] = new JsonArray([.. Enumerable.Range(0, 2).Select(_ => (JsonNode)new JsonObject
                    {
                        ["resource"] = Goal(mark),
                        ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "Goal" },
                    })]),
                }.ToJsonString());
                if (answer.Status != HttpStatusCode.OK) return;
                pairs.Add(mark);
            }
        }
        catch (Exception gone) when (IsHangUp(gone))
        {
            // The process is gone.
        }
    }

    /// <summary>.NET reports a connection that is reset while the headers are sent as a cancelled task.</summary>
    private static bool IsHangUp(Exception e) => e is HttpRequestException or TaskCanceledException { InnerException: IOException };

    private static JsonObject Goal(string? mark)
    {
        var goal =
            JsonNode.Parse("""{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Sleep through the night"},"subject":{"reference":"Patient/robin"}}""")!.AsObject();
        if (mark != null) goal["identifier"] = new JsonArray(new JsonObject { ["system"] = "urn:test:pairs", ["value"] = mark });
        return goal;
    }
}
