using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Sqlite.Auditing;

/// <summary>Opens the ledger of a file: takes over what an older program kept there and what a crash left in the overflow.</summary>
internal static class LedgerOpening
{
    /// <exception cref="LedgerKeyException">The ledger was begun with another key.</exception>
    public static void Run(SqliteConnection connection, LedgerKey key, LedgerOverflowFile overflow)
    {
        connection.InOneWrite(() =>
        {
            var isNew = !LedgerStart.HasHead(connection);
            LedgerStart.CheckKey(connection, key, isNew);
            if (isNew)
            {
                LedgerHead.Begin(connection, OldLedger.Head(connection));
                OldLedger.TakeOver(connection, key);
            }
            // An event that the overflow closes was not interrupted.
            overflow.Recover(connection);
            LedgerStart.CloseInterrupted(connection, key);
        });
        overflow.Clear();
    }
}
