using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Writing;
using Npgsql;

namespace FhirCarePlan.Storage.Postgres;

/// <summary>The store in PostgreSQL 15 or later; several processes may share a database. https://www.postgresql.org/docs/15/</summary>
public sealed class PostgresStore : DatabaseStore
{
    /// <summary>An event that a process opened and has not closed in this time was interrupted.</summary>
    private static readonly TimeSpan MostOpen = TimeSpan.FromMinutes(10);

    /// <summary>A thread that waits for an answer needs another one of the pool to be woken by, so there must be enough of them.</summary>
    private const int LeastThreads = 256;

    private readonly NpgsqlDataSource sessions;

    /// <param name="connectionString">`Host=HOST;Database=NAME;Username=USER`; the database is there, and the user may make tables.
    /// https://www.npgsql.org/doc/connection-string-parameters.html</param>
    /// <param name="migrates">Brings the schema up to date; else a schema that is not is refused.</param>
    /// <exception cref="StoreRefusedException">The schema is not one to work on.</exception>
    /// <exception cref="LedgerKeyException">The ledger of this database was begun with another key.</exception>
    /// <exception cref="ArgumentException">This is no connection string.</exception>
    /// <exception cref="IOException">The database cannot be reached.</exception>
    public PostgresStore(string connectionString, LedgerKey key, TimeProvider clock, bool migrates = true) : base(key)
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, LeastThreads), Math.Max(ports, LeastThreads));
        var builder = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(connectionString)
        {
            // The store keeps its sessions itself, with what it has prepared in them.
            Pooling = false, MaxAutoPrepare = 500, AutoPrepareMinUsages = 2, Enlist = false, IncludeErrorDetail = false,
            WriteBufferSize = 1 << 17,
            // Joins in the order in which they are written: it is chosen where they are, and the same at every size.
            Options = "-c join_collapse_limit=1 -c from_collapse_limit=1 -c jit=off",
        }.ConnectionString);
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        sessions = builder.Build();
        var connection = Open();
        try
        {
            Prepare(connection, "Postgres", migrates);
            connection.Execute("SET lock_timeout = '20s'; SET idle_in_transaction_session_timeout = '60s'");
            connection.InOneWrite(() =>
            {
                var isNew = !LedgerStart.HasHead(connection);
                LedgerStart.CheckKey(connection, key, isNew);
                if (isNew) LedgerHead.Begin(connection, new byte[32]);
                LedgerStart.CloseInterrupted(connection, key, clock.GetUtcNow() - MostOpen);
            });
            Writer = new Writer(connection, key, new Beside());
        }
        catch
        {
            connection.Dispose();
            sessions.Dispose();
            throw;
        }
    }

    /// <summary>Trips to the database so far.</summary>
    public Trips Trips { get; } = new();

    /// <summary>Held by the writer's session, and taken again with each new one.</summary>
    public override void Claim(string definitions)
    {
        Exception? refused = null;
        Writer.Run(connection =>
        {
            try
            {
                ((PostgresConnection)connection).Claim(definitions);
            }
            catch (StoreRefusedException other)
            {
                refused = other;
            }
        });
        if (refused != null) throw refused;
    }

    private protected override Connection OpenReader() => Open();
    private protected override int MostIdleReaders { get; } = 4 * Environment.ProcessorCount + 8;

    private PostgresConnection Open() => PostgresConnection.Open(sessions.CreateConnection(), Trips);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await sessions.DisposeAsync();
    }
}
