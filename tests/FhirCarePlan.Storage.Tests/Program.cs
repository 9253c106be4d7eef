using System.Text;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Postgres;
using FhirCarePlan.Storage.Sqlite;

namespace FhirCarePlan.Storage.Tests;

/// <summary>The process that CrashTests starts and kills: writes without end, several at once, and prints the number of each write
/// once it is acknowledged.</summary>
internal static class Program
{
    /// <summary>Each write is a plan and a task that belong together, with rows and an audit entry.</summary>
    public static async Task Main(string[] args)
    {
        if (args is not ["write", var connection, var first]) return;
        DatabaseStore store = connection.StartsWith("Data", StringComparison.Ordinal) ? new SqliteStore(connection, Given.Secret)
            : new PostgresStore(connection, Given.Secret, TimeProvider.System);
        var next = int.Parse(first);
        var output = new object();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var n = Interlocked.Increment(ref next);
                if (await store.Commit(Write(n), [Given.Audit($"{n}", $"CarePlan/{n}")], CancellationToken.None) != CommitResult.Done)
                    continue;
                lock (output)
                {
                    Console.Out.WriteLine(n);
                    Console.Out.Flush();
                }
            }
        })));
    }

    public static readonly SearchParameter Number = new()
    {
        Id = 4711, ResourceType = "CarePlan", Code = "number", Type = SearchType.Token, Url = "", Expression = "",
    };

    internal static Change Write(int n) => new() { Versions = [Version("CarePlan", n), Version("Task", n)] };

    private static VersionToWrite Version(string type, int n) => new(new StoredVersion
    {
        Type = type, Id = $"{n}", VersionId = $"v{n}", LastUpdated = Given.Now, Holder = "trust", Body = Body(type, n), Labels = [1],
        RootMask = 1, ChangeMask = 1, Changes = [1], Method = "POST",
    }, [.. Enumerable.Range(0, 10).Select(i => Given.Token(Number, $"s{i}", $"{n}"))]);

    public static byte[] Body(string type, int n) => Encoding.UTF8.GetBytes(
        $$$"""{"resourceType":"{{{type}}}","id":"{{{n}}}","meta":{"versionId":"v{{{n}}}"},"description":"{{{string.Concat(Enumerable.Repeat($"body {n} ", 500))}}}"}""");
}
