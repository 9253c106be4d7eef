using System.Text.Json.Nodes;

namespace FhirCarePlan.Server.Tests.Tour;

/// <summary>A client that sends no `meta`, as many do, changes nothing for whoever does not see what it changed.</summary>
public class WithoutMetaTests(SampleServer samples) : IClassFixture<SampleServer>
{
    [Theory]
    [InlineData("psychiatrist", "CarePlan/robin-plan", "housing-officer", true)]
    [InlineData("psychiatrist", "CarePlan/robin-plan", "housing-officer", false)]
    [InlineData("care-coordinator", "Patient/robin", "housing-officer", false)]
    [InlineData("psychiatrist", "Condition/robin-schizophrenia", "gp", false)]
    public async Task Nothing_of_a_hidden_change_shows(string writer, string url, string reader, bool withNote)
    {
        var (writes, reads) = (await samples.Process.As(writer), await samples.Process.As(reader));
        var questions = (string[])[url, $"{url}/_history", $"{url.Split('/')[0]}?_id={url.Split('/')[1]}", $"{url.Split('/')[0]}?_sort=-_lastUpdated"];
        async Task<string> Answers() => string.Join('\n', await Task.WhenAll(questions.Select(async q => (await reads.Get(q)).Whole)));
        var before = await Answers();
        var now = await writes.Get(url);
        var body = now.Json;
        body.Remove("meta");
        if (withNote) body["note"] = new JsonArray(new JsonObject { ["text"] = "seen by those who see the whole plan" });
        var updated = await writes.Put(url, body.ToJsonString(), now.ETag);
        Assert.True((int)updated.Status == 200, updated.Body);
        Assert.Equal(before, await Answers());
    }

    [Fact]
    public async Task What_meta_said_beyond_the_version_is_a_change_for_those_who_saw_it()
    {
        var (writes, reads) = (await samples.Process.As("care-coordinator"), await samples.Process.As("person"));
        await writes.Change("Goal/robin-goal-draw", goal => goal["meta"]!["tag"] = new JsonArray(new JsonObject { ["system"] = "https://x.example", ["code"] = "t" }));
        var tagged = await reads.Get("Goal/robin-goal-draw");
        await writes.Change("Goal/robin-goal-draw", goal => goal.Remove("meta"));
        Assert.NotEqual(tagged.ETag, (await reads.Get("Goal/robin-goal-draw")).ETag);
    }
}
