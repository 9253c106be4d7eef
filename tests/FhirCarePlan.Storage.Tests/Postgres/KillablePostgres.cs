using System.Diagnostics;

namespace FhirCarePlan.Storage.Tests.Postgres;

/// <summary>A PostgreSQL of one test, which may be killed and started again.</summary>
internal sealed class KillablePostgres : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("fcp-kill-").FullName;
    private Process? server;

    public KillablePostgres()
    {
        PostgresCluster.Prepare(folder);
        Start();
    }

    public string ConnectionString => $"Host={folder};Username=postgres;Database=postgres;Timeout=5";

    /// <summary>Until it answers. What a killed one left is in the way for a moment.</summary>
    public void Start()
    {
        for (var attempt = 0; ; attempt++)
        {
            if (server is null or { HasExited: true }) server = PostgresCluster.Serve(folder);
            if (PostgresCluster.Answers(folder)) return;
            if (attempt > 600) throw new TimeoutException("PostgreSQL does not start again");
            Task.Delay(50).GetAwaiter().GetResult();
        }
    }

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        server!.Kill();
        server.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        for (var attempt = 0; attempt < 100; attempt++)
            try
            {
                Directory.Delete(folder, true);
                return;
            }
            catch (IOException)
            {
                // Its last processes notice it in a moment.
                Task.Delay(50).GetAwaiter().GetResult();
            }
    }
}
