using System.Diagnostics;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Checking;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Sqlite;

/// <summary>Processes that end without a warning: three times in an ordinary run, `FCP_KILLS=100` times on demand.</summary>
public class CrashTests
{
    internal static int Rounds { get; } = int.TryParse(Environment.GetEnvironmentVariable("FCP_KILLS"), out var kills) ? kills : 3;

    /// <summary>A second process writes as fast as it can and is killed with SIGKILL, again and again over the same data.</summary>
    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_there_and_whole()
    {
        await using var given = new Given();
        await given.Store.DisposeAsync();
        var acknowledged = new List<int>();
        for (var round = 0; round < Rounds; round++)
            acknowledged.AddRange(await WriteAndDie(given.ConnectionString, round * 1_000_000, afterWrites: 50 + 200 * (round % 3)));
        await given.Reopen();
        AssertThere(given.Store, acknowledged);
        AssertWhole(given.ConnectionString);
    }

    internal static void AssertThere(DatabaseStore store, IReadOnlyCollection<int> acknowledged)
    {
        using var snapshot = store.Read();
        foreach (var n in acknowledged)
        {
            Assert.Equal(Program.Body("CarePlan", n), snapshot.Find("CarePlan", $"{n}")?.Body);
            Assert.Equal(Program.Body("Task", n), snapshot.Find("Task", $"{n}")?.Body);
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
    }

    /// <summary>By the store's own check: contents, rows that belong together, the ledger.</summary>
    internal static void AssertWhole(string connectionString)
    {
        var findings = new Findings();
        var store = connectionString.StartsWith("Data", StringComparison.Ordinal) ? ReadingStore.OfFile(connectionString, Secret) : ReadingStore.OfPostgres(connectionString, Secret);
        store.Check(findings);
        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Assert.Equal("", string.Join('\n', findings.All));
    }

    private static async Task<List<int>> WriteAndDie(string connectionString, int first, int afterWrites)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? path : "dotnet")
        {
            ArgumentList = { typeof(Program).Assembly.Location, "write", connectionString, $"{first}" }, RedirectStandardOutput = true,
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
