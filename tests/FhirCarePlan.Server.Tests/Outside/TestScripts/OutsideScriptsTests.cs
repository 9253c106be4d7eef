using FhirCarePlan.Fhir.Tests;

namespace FhirCarePlan.Server.Tests.Outside.TestScripts;

/// <summary>A public suite of TestScripts that compares servers, run against a server of one organisation.</summary>
public class OutsideScriptsTests(OneOrganisation organisation) : IClassFixture<OneOrganisation>
{
    /// <summary>Scripts that fail, with the reason. One that passes must leave this list.</summary>
    private static readonly Dictionary<string, string> Failing = new()
    {
        ["bulk-data-v2-SHOULD-group-export-discoverable"] = "It asks `Group/$export` without an id; Bulk Data exports one group, `Group/[id]/$export`",
    };

    public static TheoryData<string> Scripts =>
        SharedData.Folder("data/testscripts") is { } folder
            ? [.. Directory.EnumerateFiles(folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)]
            : ["none"];

    [SharedTheory]
    [MemberData(nameof(Scripts))]
    public async Task Each_script_passes_or_is_listed(string name)
    {
        var script = new TestScript(await File.ReadAllTextAsync(Path.Combine(SharedData.Folder("data/testscripts")!, name + ".json")));
        var failures = await new Runner(organisation.Client, script).Run();
        if (Failing.TryGetValue(name, out var reason)) Assert.True(failures.Count > 0, $"{name} passes: it was listed as failing ({reason})");
        else Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Theory]
    [InlineData("goal-life.json", "")]
    [InlineData("goal-life-wrong.json", "Read: the goal is completed: equals completed, found active")]
    public async Task Our_own_script_says_what_is_so_and_what_is_not(string file, string failure)
    {
        var script = new TestScript(await File.ReadAllTextAsync(Path.Combine(SharedData.Repository, "tests/cases/testscripts", file)));
        Assert.StartsWith(failure, string.Join('\n', await new Runner(organisation.Client, script).Run()), StringComparison.Ordinal);
        if (failure.Length == 0) Assert.Empty(await new Runner(organisation.Client, script).Run());
    }

    [Theory]
    [InlineData("""{"test":[{"action":[{"assert":{"operator":"equals","compareToSourceId":"x"}}]}]}""")]
    [InlineData("""{"test":[{"action":[{"operation":{"type":{"code":"closure"}}}]}]}""")]
    [InlineData("""{"origin":[]}""")]
    public Task What_the_runner_does_not_know_it_refuses(string script) =>
        Assert.ThrowsAsync<NotSupportedException>(async () => await new Runner(organisation.Client, new TestScript(script)).Run());

    [SharedFact]
    public void All_that_is_listed_exists() => Assert.All(Failing.Keys, k => Assert.True(File.Exists(Path.Combine(SharedData.Folder("data/testscripts")!, k + ".json")), k));
}
