using System.Text.Json.Nodes;
using FhirCarePlan.Server.Settings;

namespace FhirCarePlan.Server.Tests.Commands;

/// <summary>`protocol …` as a governance lead types it.</summary>
public sealed class AgreementCommandsTests : IDisposable
{
    private static readonly string Rivelin = Path.Combine(Places.From(AppContext.BaseDirectory, AppContext.BaseDirectory).Repository!,
        "profiles", "sharing", "rivelin-partnership.yaml");

    private readonly string folder = Directory.CreateTempSubdirectory("fcp-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Changed(params (string Found, string By)[] changes)
    {
        var text = File.ReadAllText(Rivelin);
        foreach (var (found, by) in changes)
        {
            Assert.Contains(found, text, StringComparison.Ordinal);
            text = text.Replace(found, by, StringComparison.Ordinal);
        }
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public async Task A_sound_agreement_ends_with_0()
    {
        var shell = await Shell.Run("", "protocol", "check", Rivelin);
        Assert.Equal((0, ""), (shell.ExitCode, shell.Error));
        Assert.Contains("0 errors, 0 warnings. It can be enforced.", shell.Output, StringComparison.Ordinal);
        Assert.Contains("is in force", shell.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_faulty_one_ends_with_1_and_each_fault_has_its_place_reason_and_mend()
    {
        var shell = await Shell.Run("", "protocol", "check",
            Changed(("status: active", "status: alive"), ("to: [homes], data", "to: [house], data")), "--format", "json");
        Assert.Equal(1, shell.ExitCode);
        var issues = JsonNode.Parse(shell.Output)!["issues"]!.AsArray();
        Assert.Equal(["bad-value", "unknown-party"], issues.Select(i => (string)i!["check"]!));
        Assert.All(issues,
            i => Assert.True((int)i!["line"]! > 0 && (int)i["column"]! > 0 && (string)i["why"]! != "" && (string)i["mend"]! != ""));
    }

    [Fact]
    public async Task A_warning_ends_with_0_and_when_asked_for_with_1()
    {
        var path = Changed(("review: 2030-11-30", "review: 2020-06-01"));
        Assert.Equal(0, (await Shell.Run("", "protocol", "check", path)).ExitCode);
        var strict = await Shell.Run("", "protocol", "check", path, "--strict");
        Assert.Equal(1, strict.ExitCode);
        Assert.Contains("warning review-passed", strict.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tests_of_an_agreement_are_run_and_their_gaps_named()
    {
        var sound = await Shell.Run("", "protocol", "test", Rivelin);
        Assert.Equal(0, sound.ExitCode);
        Assert.Contains("0 of them not met", sound.Output, StringComparison.Ordinal);
        var failing = await Shell.Run("", "protocol", "test",
            Changed(("expect: { accommodation: deny, care-plan-summary: deny }",
            "expect: { accommodation: permit, care-plan-summary: deny }")));
        Assert.Equal(1, failing.ExitCode);
        Assert.Contains("Without agreement the landlord learns nothing.", failing.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("test")]
    public async Task What_is_not_there_or_cannot_be_read_ends_with_2(string command) =>
        Assert.Equal(2, (await Shell.Run("", "protocol", command, Path.Combine(folder, "nowhere.yaml"))).ExitCode);

    [Fact]
    public async Task The_checks_are_listed()
    {
        var shell = await Shell.Run("", "protocol", "checks", "--format", "json");
        Assert.Equal(0, shell.ExitCode);
        Assert.Contains(JsonNode.Parse(shell.Output)!.AsArray(), c => (string)c!["check"]! == "no-article-9"
            && (string)c["severity"]! == "error");
    }
}
