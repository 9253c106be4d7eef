using System.Text;
using FhirCarePlan.Server.Tests.Outside;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Commands;

/// <summary>`erase` beside a running server: the person is gone from every view, version and byte, the ledger says so, and the store is
/// whole. src/docs/operations.md#erasing-a-person</summary>
public sealed class EraseCommandTests : IDisposable
{
    private const string Words = "lantern over the zebra crossing";

    private readonly string folder = Directory.CreateTempSubdirectory("fcp-erase-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    private Dictionary<string, string> Settings => new()
    {
        ["Storage:Engine"] = "Sqlite", ["Storage:ConnectionString"] = $"Data Source={Path.Combine(folder, "x.db")}", ["urls"] = ServerProcess.AnyPort,
    };

    private Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments) =>
        ServerProcess.RunToEnd(Settings, "Development", folder, null, arguments);

    [Fact]
    public async Task A_person_is_gone_from_views_versions_index_and_file_and_the_ledger_says_who_ordered_it()
    {
        await using var server = await ServerProcess.Start(Settings, folder);
        var coordinator = await server.As("care-coordinator");
        var goal = await coordinator.Post("Goal", $$$"""{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"{{{Words}}}"},"subject":{"reference":"Patient/robin"}}""");
        Assert.Equal(201, (int)goal.Status);
        await coordinator.Change($"Goal/{goal.Id}", resource => resource["lifecycleStatus"] = "completed");
        var skys = (await coordinator.Get("CarePlan/sky-plan")).Body;
        Assert.Contains(Words, Encoding.UTF8.GetString(Bytes()), StringComparison.Ordinal);

        var trial = await Run("erase", "Patient/robin", "--dry-run");
        Assert.True(trial.ExitCode == 0, trial.Error);
        Assert.Contains("would be erased", trial.Output, StringComparison.Ordinal);
        Assert.Equal(200, (int)(await coordinator.Get("Patient/robin")).Status);

        var done = await Run("erase", "Patient/robin", "--by", "Petra Holloway");
        Assert.True(done.ExitCode == 0, done.Error);
        Assert.Contains("were erased", done.Output, StringComparison.Ordinal);
        Assert.Contains("List/register-trust", done.Output, StringComparison.Ordinal); // a register about nobody names Robin

        foreach (var (persona, gone) in ((string, int)[])[("care-coordinator", 410), ("gp", 404), ("housing-officer", 404), ("person", 404)])
            Assert.Equal(gone, (int)(await (await server.As(persona)).Get("Patient/robin")).Status);
        foreach (var url in (string[])["Observation?subject=Patient/robin", "Goal?patient=Patient/robin", "Consent?patient=Patient/robin", $"Goal?_id={goal.Id}"])
            Assert.Equal(0, (await coordinator.Get(url)).Total);
        var history = await coordinator.Get($"Goal/{goal.Id}/_history");
        Assert.DoesNotContain("resource\":{", history.Body, StringComparison.Ordinal);
        Assert.Equal(skys, (await coordinator.Get("CarePlan/sky-plan")).Body);

        var events = await (await server.As("ig-lead")).Get("AuditEvent?entity=Patient/robin&_count=200");
        Assert.Contains(events.Entries, e => e.ToJsonString().Contains("Petra Holloway", StringComparison.Ordinal));

        Assert.Equal(1, (await Run("erase", "Patient/robin", "--by", "Petra Holloway")).ExitCode);
        server.Terminate();
        Assert.Equal(0, await server.Ended());
        var check = await Run("check");
        Assert.True(check.ExitCode == 0, check.Output + check.Error);
        Assert.DoesNotContain(Words, Encoding.UTF8.GetString(Bytes()), StringComparison.Ordinal);
        Assert.Equal(0, (await Run("audit", "verify")).ExitCode);
    }

    [Fact]
    public async Task Whom_nobody_wrote_about_since_a_day_goes_and_others_stay()
    {
        await using (var server = await ServerProcess.Start(Settings, folder)) Assert.Equal(200, (int)(await (await server.As("gp")).Get("Patient/lee")).Status);
        var none = await Run("erase", "--untouched-since", "2020-01-01", "--dry-run");
        Assert.Equal((0, "0 persons about whom nothing was written since 2020-01-01"), (none.ExitCode, none.Output.Trim()));
        var all = await Run("erase", "--untouched-since", "2200-01-01", "--by", "x");
        Assert.Equal(2, all.ExitCode);
        Assert.Contains("that would be everybody", all.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Say whom", "--by", "x")]
    [InlineData("Say whom", "Patient/robin", "--untouched-since", "2020-01-01", "--by", "x")]
    [InlineData("is not `Patient/` and an id", "Goal/x", "--by", "x")]
    [InlineData("is not a day", "--untouched-since", "lately", "--by", "x")]
    [InlineData("Say who ordered it", "Patient/robin")]
    [InlineData("Say who ordered it", "Patient/robin", "--by", "  ")]
    public async Task What_is_not_said_clearly_erases_nothing(string why, params string[] arguments)
    {
        var refused = await Run(["erase", .. arguments]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(why, refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "x.db")));
    }

    /// <summary>All that the database's files hold.</summary>
    private byte[] Bytes() => [.. Directory.GetFiles(folder, "x.db*").SelectMany(Read)];

    private static byte[] Read(string file)
    {
        using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var all = new MemoryStream();
        open.CopyTo(all);
        return all.ToArray();
    }
}
