using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Postgres;
using FhirCarePlan.Storage.Sqlite;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>The ledger of a database, opened for reading only: for commands, beside a running server or without one.</summary>
public sealed class LedgerView : IDisposable
{
    private readonly Connection connection;
    private readonly LedgerKey key;

    /// <exception cref="LedgerKeyException">The ledger was begun with another key.</exception>
    /// <exception cref="InvalidDataException">The database has no ledger that this program can read.</exception>
    private LedgerView(Connection connection, LedgerKey key)
    {
        (this.connection, this.key) = (connection, key);
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

    public static LedgerView OfFile(string connectionString, LedgerKey key) =>
        new(SqliteConnection.OpenReader(new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(connectionString).DataSource), key);

    public static LedgerView OfPostgres(string connectionString, LedgerKey key) =>
        new(PostgresConnection.Open(new Npgsql.NpgsqlConnection(connectionString), new Trips()), key);

    public LedgerProof Verify(LedgerReceipt? receipt) => new LedgerVerification(connection, key, receipt).Verify();

    public LedgerReceipt Receipt(DateTimeOffset now) => LedgerHead.Sign(connection, key, now);

    public void Dispose() => connection.Dispose();
}
