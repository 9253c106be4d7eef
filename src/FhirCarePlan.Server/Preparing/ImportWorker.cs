using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Interactions.Bulk.Importing;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Preparing;

/// <summary>Does the imports that callers have asked for, one after the other, those of a process that is gone included; drops what has
/// expired. src/docs/rest.md#import</summary>
/// <param name="isAlone">No other process works on this database.</param>
public sealed class ImportWorker(Pipeline pipeline, TimeProvider clock, bool isAlone, ILogger<ImportWorker> log) : BackgroundService
{
    /// <summary>A process that has not said anything for so long is gone.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20), Pause = TimeSpan.FromSeconds(10);

    private readonly string name = RandomId.Next();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            while (true)
            {
                try
                {
                    while (Next() is { } job) await new ImportRun(pipeline, name, clock).Run(job, stoppingToken);
                }
                catch (IOException)
                {
                    log.NotImported();
                }
                await pipeline.Engine.ImportsWaiting.WaitAsync(Pause, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; the next one goes on.
        }
    }

    private ImportJob? Next()
    {
        var (store, now) = (pipeline.Engine.Store, pipeline.Engine.Clock.GetUtcNow());
        var all = ImportJob.All(store).ToList();
        foreach (var old in all.Where(job => job.Expires < now)) old.Drop(store);
        return all.Where(job => !job.IsDone && job.Expires >= now && (isAlone || job.Worker == name || clock.GetUtcNow() - job.Seen > Silence)).MinBy(job => job.At);
    }
}

internal static partial class ImportLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "An import waits: the database cannot be written to")]
    public static partial void NotImported(this ILogger log);
}
