using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>An update that changes nothing: its ETag holds for the writer, `check` finds the store whole, and labelling again keeps the tag.</summary>
public sealed class NothingChangedTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fcp-same-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    private Dictionary<string, string> Settings(string relabels = "false") => new()
    {
        ["Storage:Engine"] = "Sqlite", ["Storage:ConnectionString"] = $"Data Source={Path.Combine(folder, "x.db")}", ["urls"] = ServerProcess.AnyPort,
        ["Storage:Relabel"] = relabels,
    };

    [Fact]
    public async Task Its_tag_holds_and_the_store_is_whole_and_stays_so()
    {
        string tag;
        await using (var server = await ServerProcess.Start(Settings(), folder))
        {
            var client = await server.As("care-coordinator");
            var first = await client.Get("CarePlan/robin-plan");
            var second = await client.Put("CarePlan/robin-plan", first.Body, first.ETag);
            Assert.Equal(200, (int)second.Status);
            Assert.NotEqual(first.ETag, second.ETag);
            var withoutMeta = JsonNode.Parse(first.Body)!.AsObject();
            withoutMeta.Remove("meta");
            var third = await client.Put("CarePlan/robin-plan", withoutMeta.ToJsonString(), second.ETag);
            Assert.True((int)third.Status == 200, third.Body);
            Assert.Equal(third.ETag, tag = (await client.Get("CarePlan/robin-plan")).ETag!);
            server.Terminate();
            Assert.Equal(0, await server.Ended());
        }
        var check = await ServerProcess.RunToEnd(Settings(), "Development", folder, null, "check");
        Assert.True(check.ExitCode == 0, check.Output + check.Error);
        await using var again = await ServerProcess.Start(Settings("true"), folder);
        Assert.Equal(tag, (await (await again.As("care-coordinator")).Get("CarePlan/robin-plan")).ETag);
    }
}
