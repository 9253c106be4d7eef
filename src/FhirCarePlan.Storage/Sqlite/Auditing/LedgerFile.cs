using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Auditing;
using Microsoft.Data.Sqlite;

namespace FhirCarePlan.Storage.Sqlite.Auditing;

/// <summary>The ledger of a database file, opened for reading only: for commands, beside a running server or without one.</summary>
public sealed class LedgerFile : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly LedgerKey key;

    /// <exception cref="LedgerKeyException">The ledger was begun with another key.</exception>
    /// <exception cref="InvalidDataException">The file has no ledger that this program can read.</exception>
    public LedgerFile(string connectionString, LedgerKey key)
    {
        this.key = key;
        connection = SqliteConnection.OpenReader(new SqliteConnectionStringBuilder(connectionString).DataSource);
        try
        {
            connection.BeginRead();
            LedgerStart.CheckKey(connection, key);
        }
        catch (Exception fault)
        {
            connection.Dispose();
            if (fault is StoreFailure)
                throw new InvalidDataException("the database has no ledger that this program can read; start the server on it once");
            throw;
        }
    }

    public LedgerProof Verify(LedgerReceipt? receipt) => new LedgerVerification(connection, key, receipt).Verify();

    public LedgerReceipt Receipt(DateTimeOffset now) => LedgerHead.Sign(connection, key, now);

    public void Dispose() => connection.Dispose();
}
