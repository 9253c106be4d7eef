using System.Diagnostics;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Sqlite;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Sqlite;

public class CrashTests
{
    /// <summary>A second process writes as fast as it can and is killed with SIGKILL, three times over the same file.</summary>
    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_there_and_whole()
    {
        await using var given = new Given();
        await given.Store.DisposeAsync();
        var acknowledged = new List<int>();
        for (var round = 0; round < 3; round++)
            acknowledged.AddRange(await WriteAndDie(given.File, round * 1_000_000, afterWrites: 150 + 200 * round));

        await using var store = new SqliteStore($"Data Source={given.File}", Given.Secret);
        using var snapshot = store.Read();
        foreach (var n in acknowledged)
        {
            Assert.Equal(Program.Body(n), snapshot.Find("CarePlan", $"{n}")?.Body);
            Assert.Equal(Program.Body(n), snapshot.Find("Task", $"{n}")?.Body);
            Assert.NotNull(snapshot.FindAudit($"{n}", Owner));
        }

        // Nothing is half there: as many tasks as plans, each with its rows and its audit entry.
        SearchPage All(string type) => snapshot.Search(new SearchQuery(type) { Count = 0 }, Own(1));
        var plans = All("CarePlan").Total!.Value;
        Assert.True(plans >= acknowledged.Count);
        Assert.Equal(plans, All("Task").Total);
        Assert.Equal(plans, snapshot.Search(new SearchQuery("CarePlan")
        {
            Count = 0,
            Criteria = [.. Enumerable.Range(0, 10)
                .Select(i => new Criterion(Program.Number, Modifier.None, [new QueryValue { System = $"s{i}" }]))],
        }, Own(1)).Total);
        var proof = store.VerifyLedger();
        Assert.True(proof.IsIntact);
        Assert.Equal(plans, proof.Rows);
    }

    private static async Task<List<int>> WriteAndDie(string file, int first, int afterWrites)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? path : "dotnet")
        {
            ArgumentList = { typeof(Program).Assembly.Location, "write", file, $"{first}" }, RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var numbers = new List<int>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!int.TryParse(line, out var number)) break; // the last line may be cut off
            numbers.Add(number);
            if (numbers.Count == afterWrites) process.Kill();
        }
        await process.WaitForExitAsync();
        Assert.True(numbers.Count >= afterWrites, "the process ended by itself");
        return numbers;
    }
}
