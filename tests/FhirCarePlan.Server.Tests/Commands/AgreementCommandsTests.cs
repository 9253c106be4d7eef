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

    [Fact]
    public async Task The_matrix_says_who_on_which_condition_in_three_formats()
    {
        string[] asked = ["protocol", "matrix", Rivelin, "--party", "homes", "--category", "accommodation", "--record", "others",
            "--action", "read"];
        var table = await Shell.Run("", asked);
        Assert.Equal(0, table.ExitCode);
        Assert.Contains("only if the person agrees", table.Output, StringComparison.Ordinal);
        var json = JsonNode.Parse((await Shell.Run("", [.. asked, "--format", "json"])).Output)!["rows"]!.AsArray();
        Assert.Equal("homes-see-need-and-crisis-contact", (string)json.Single()!["clauses"]!.AsArray().Single()!);
        Assert.Equal("agreed", (string)json.Single()!["when"]!.AsArray().Single()!["consent"]!);
        var csv = (await Shell.Run("", [.. asked, "--format", "csv"])).Lines;
        Assert.Equal(2, csv.Length);
    }

    [Fact]
    public async Task Who_can_see_leaves_out_those_to_whom_a_category_is_closed()
    {
        var shell = await Shell.Run("", "protocol", "who-can-see", Rivelin, "risk", "--record", "others");
        Assert.Contains("practice-sees-care", shell.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("housing-worker", shell.Output, StringComparison.Ordinal);
        var misspelt = await Shell.Run("", "protocol", "who-can-see", Rivelin, "riks");
        Assert.Equal((2, ""), (misspelt.ExitCode, misspelt.Output));
    }

    [Fact]
    public async Task A_diff_ends_with_1_only_if_something_widens()
    {
        var narrower = Changed(("requires: { consent: objection-honoured, relationship: [registered, care-team, referral] }",
            "requires: { consent: objection-honoured, relationship: [registered, care-team] }"));
        var narrowing = await Shell.Run("", "protocol", "diff", Rivelin, narrower);
        Assert.Equal(0, narrowing.ExitCode);
        Assert.Contains("NARROWS", narrowing.Output, StringComparison.Ordinal);
        var widening = await Shell.Run("", "protocol", "diff", narrower, Rivelin);
        Assert.Equal(1, widening.ExitCode);
        Assert.Contains("WIDENS", widening.Output, StringComparison.Ordinal);
        Assert.Contains("such as practice, gp, for direct-care", widening.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_request_is_explained_and_a_resource_element_by_element()
    {
        var resource = Path.Combine(folder, "condition.json");
        File.WriteAllText(resource,
            """{"resourceType":"Condition","id":"c","code":{"text":"Psychosis"},"subject":{"reference":"Patient/p"}}""");
        var shell = await Shell.Run("", "protocol", "explain", Rivelin, "--party", "homes", "--role", "housing-worker", "--purpose",
            "housing-support",
            "--tie", "care-team", "--consent", "granted", "--resource", resource, "--format", "json");
        Assert.Equal(0, shell.ExitCode);
        var told = JsonNode.Parse(shell.Output)!;
        Assert.Contains(told["categories"]!.AsArray(), c => (string)c!["category"]! == "care-team" && (bool)c["permitted"]!);
        Assert.False((bool)told["resource"]!["seen"]!);
        Assert.NotEmpty(told["resource"]!["elements"]!.AsArray());
    }

    [Fact]
    public async Task A_draft_can_be_read_before_its_tests_hold_and_not_while_it_names_what_is_not_there()
    {
        var unproved = Changed(("expect: { accommodation: deny, care-plan-summary: deny }", "expect: { accommodation: permit, care-plan-summary: deny }"));
        var diff = await Shell.Run("", "protocol", "diff", Rivelin, unproved);
        Assert.Equal(0, diff.ExitCode);
        Assert.Contains("cannot be enforced yet", diff.Error, StringComparison.Ordinal);
        var misspelt = await Shell.Run("", "protocol", "diff", Rivelin, Changed(("to: [homes], data", "to: [house], data")));
        Assert.Equal((2, ""), (misspelt.ExitCode, misspelt.Output));
    }
}
