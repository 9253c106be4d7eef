using FhirCarePlan.Storage.Auditing;
using Microsoft.Data.Sqlite;

namespace FhirCarePlan.Storage.Sqlite.Auditing;

/// <summary>The ledger of a database file, opened for reading only: for commands, beside a running server or without one.</summary>
public sealed class LedgerFile : IDisposable
{
    private readonly Connection connection;
    private readonly LedgerKey key;

    /// <exception cref="LedgerKeyException">The ledger was begun with another key.</exception>
    /// <exception cref="InvalidDataException">The file has no ledger that this program can read.</exception>
    public LedgerFile(string connectionString, LedgerKey key)
    {
        this.key = key;
        connection = Connection.OpenReader(new SqliteConnectionStringBuilder(connectionString).DataSource);
        try
        {
            connection.Use("BEGIN").Run();
            LedgerStart.CheckKey(connection, key);
        }
        catch (Exception fault)
        {
            connection.Dispose();
            if (fault is SqliteFailure)
                throw new InvalidDataException("the database has no ledger that this program can read; start the server on it once");
            throw;
        }
    }

    public LedgerProof Verify(LedgerReceipt? receipt) => new LedgerVerification(connection, key, receipt).Verify();

    public LedgerReceipt Receipt(DateTimeOffset now) => Sign(connection, key, now);

    internal static LedgerReceipt Sign(Connection connection, LedgerKey key, DateTimeOffset now)
    {
        Span<byte> state = stackalloc byte[32];
        var rows = LedgerHead.Read(connection, state, out _);
        var head = Convert.ToHexStringLower(state);
        return new LedgerReceipt(rows, head, now, key.Sign(rows, head, now));
    }

    public void Dispose() => connection.Dispose();
}
