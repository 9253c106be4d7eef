using System.Text.Json.Nodes;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Outside;

/// <summary>Many write one resource at once. Without If-Match the last one wins and each is answered; nobody is sent away because another
/// came first. https://hl7.org/fhir/R4/http.html#concurrency</summary>
public class ContentionTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private static string Goal(string id, int n) =>
        $$$"""{"resourceType":"Goal","id":"{{{id}}}","lifecycleStatus":"active","description":{"text":"Version {{{n}}}"},"subject":{"reference":"Patient/robin"}}""";

    [Fact]
    public async Task Thirty_two_updates_at_once_are_all_done()
    {
        var coordinator = await samples.Process.As("care-coordinator");
        var id = (string)(await coordinator.Post("Goal", Goal("x", 0).Replace("\"id\":\"x\",", "", StringComparison.Ordinal))).Json["id"]!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(async client =>
        {
            var heard = new List<int>();
            for (var n = 0; n < 5; n++) heard.Add((int)(await coordinator.Put($"Goal/{id}", Goal(id, client * 100 + n))).Status);
            return heard;
        }));
        Assert.All(answers.SelectMany(a => a), status => Assert.Equal(200, status));
        // None was lost: each is a version.
        var history = (await coordinator.Get($"Goal/{id}/_history")).Json;
        Assert.Equal(161, (int)history["total"]!);
    }

    [Fact]
    public async Task Who_names_a_version_that_is_gone_is_told_so()
    {
        var coordinator = await samples.Process.As("care-coordinator");
        var created = await coordinator.Post("Goal", Goal("x", 0).Replace("\"id\":\"x\",", "", StringComparison.Ordinal));
        var (id, tag) = ((string)created.Json["id"]!, $"W/\"{(string)created.Json["meta"]!["versionId"]!}\"");
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => coordinator.Put($"Goal/{id}", Goal(id, n), tag)));
        Assert.Equal([200, .. Enumerable.Repeat(412, 15)], answers.Select(a => (int)a.Status).Order());
    }
}
