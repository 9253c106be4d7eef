using System.Globalization;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Settings;
using FhirCarePlan.Storage;
using FhirCarePlan.Storage.Postgres;
using FhirCarePlan.Storage.Sqlite;

namespace FhirCarePlan.Server.Commands;

/// <summary>`audit erase --before 2018-04-01 --by "Petra Holloway"` erases what the ledger says of the time before a day, once, as
/// `Ledger:KeepDays` does every day. No server may run meanwhile: it would go on showing what it still remembers.
/// src/docs/operations.md#retention</summary>
public static class LedgerEraseCommand
{
    private const string Claim = "erasure of the ledger";

    /// <returns>0 when it is done, 2 when it could not be done.</returns>
    public static int Run(string? before, string? orderedBy, string[] settings) => StoreCommand.Run(settings, (storage, key) =>
    {
        var clock = TimeProvider.System;
        if (before is null) throw new InvalidDataException("Say up to which day: `--before 2018-04-01`");
        if (!DateTimeOffset.TryParseExact(before, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day))
            throw new InvalidDataException($"`{before}` is not a day: write it as 2018-04-01");
        if (day >= clock.GetUtcNow()) throw new InvalidDataException($"{before} is not in the past: that would be everything");
        if (string.IsNullOrWhiteSpace(orderedBy)) throw new InvalidDataException("Say who ordered it, for the ledger: `--by \"Petra Holloway, records manager\"`");

        DatabaseStore store = storage.Engine == StorageEngine.Postgres ? new PostgresStore(storage.ConnectionString, key, clock, migrates: false)
            : File.Exists(storage.File) ? new SqliteStore(storage.ConnectionString, key, migrates: false)
            : throw new InvalidDataException("The connection string leads to no database");
        try
        {
            Alone(store);
            var erased = store.EraseAudit(day, Order(orderedBy, clock.GetUtcNow()));
            Console.WriteLine($"{erased} {(erased == 1 ? "row" : "rows")} of the ledger from before {before} {(erased == 1 ? "was" : "were")} erased{(erased > 0 ? "; the erasure is on record" : "")}");
            return StoreCommand.Done;
        }
        finally
        {
            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    });

    private static void Alone(DatabaseStore store)
    {
        try
        {
            store.Claim(Claim);
        }
        catch (StoreRefusedException)
        {
            throw new InvalidDataException("A server is at work on this database; stop it first");
        }
    }

    private static AuditEntry Order(string orderedBy, DateTimeOffset now) => new()
    {
        Id = RandomId.Next(), At = now, Interaction = "erase", Outcome = AuditOutcome.Success, Status = 200, Subject = orderedBy, Target = "AuditEvent",
    };
}
