using FhirCarePlan.Server.Core;
using FhirCarePlan.Storage;

namespace FhirCarePlan.Server.Preparing;

/// <summary>Erases what the ledger has kept longer than `Ledger:KeepDays`, at the start and once a day. The store does it in slices between
/// other writes and puts the erasure on record first; the chain goes on proving order and number (src/docs/operations.md#retention).</summary>
public sealed class LedgerRetention(IStore store, int keepDays, TimeProvider clock, ILogger<LedgerRetention> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (keepDays == 0) return;
        try
        {
            for (; ; await Task.Delay(Every, stoppingToken)) await Task.Run(Erase, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    /// <returns>How many rows of the ledger went.</returns>
    internal int Erase()
    {
        var now = clock.GetUtcNow();
        try
        {
            var erased = store.EraseAudit(now.AddDays(-keepDays), Order(now));
            if (erased > 0) log.Erased(erased, keepDays);
            return erased;
        }
        catch (IOException)
        {
            // A full disk, say. It is tried again tomorrow, and at the next start.
            log.NotErased();
            return 0;
        }
    }

    private static AuditEntry Order(DateTimeOffset now) => new()
    {
        Id = RandomId.Next(), At = now, Interaction = "erase", Outcome = AuditOutcome.Success, Status = 200, Subject = "ledger-retention",
        Target = "AuditEvent",
    };
}

internal static partial class RetentionLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Rows} rows of the ledger, older than {Days} days, were erased; the erasure is on record")]
    public static partial void Erased(this ILogger log, int rows, int days);

    [LoggerMessage(Level = LogLevel.Error, Message = "The ledger's old rows could not be erased: the database cannot be written to")]
    public static partial void NotErased(this ILogger log);
}
