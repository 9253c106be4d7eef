using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Postgres;
using FhirCarePlan.Storage.Reading;
using FhirCarePlan.Storage.Sqlite;
using FhirCarePlan.Storage.Writing;

namespace FhirCarePlan.Storage.Checking;

/// <summary>One state of a store, opened for reading only: for commands, beside a running server or without one.</summary>
public sealed class ReadingStore : IStore
{
    private readonly Connection connection;
    private readonly Known known;
    private readonly IndexWriter index;

    /// <exception cref="StoreRefusedException">The schema is another program's, or the file cannot be read.</exception>
    /// <exception cref="LedgerKeyException">The ledger was begun with another key.</exception>
    private ReadingStore(Connection connection, string engine, LedgerKey key)
    {
        (this.connection, known, index) = (connection, new Known(key), new IndexWriter(connection));
        try
        {
            connection.BeginRead();
            Migrations.RequireAll(connection, engine);
            LedgerStart.CheckKey(connection, key);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static ReadingStore OfFile(string connectionString, LedgerKey key) =>
        new(SqliteConnection.OpenReader(SqliteStore.PathOf(connectionString)), "Sqlite", key);

    public static ReadingStore OfPostgres(string connectionString, LedgerKey key) =>
        new(PostgresConnection.Open(new Npgsql.NpgsqlConnection(connectionString), new Trips()), "Postgres", key);

    /// <summary>What the store can prove about itself.</summary>
    public void Check(Findings findings) => StoreCheck.Run(connection, known.Key, findings);

    /// <summary>Where a stored version is not as it would be written now; empty when it is.</summary>
    public IEnumerable<string> Differences(VersionToWrite expected, bool isCurrent)
    {
        var wanted = expected.Version;
        if (VersionReader.FindVersion(connection, wanted.Type, wanted.Id, wanted.VersionId) is not { DamagedRow: null } stored) yield break;
        if (!stored.Labels.AsSpan().SequenceEqual(wanted.Labels) || stored.RootMask != wanted.RootMask) yield return "labels";
        if (!ChangeMasks.Smallest(wanted.Changes).Order().SequenceEqual(stored.Changes.Order())) yield return "change masks";
        if (isCurrent && Key(wanted.Type, wanted.Id) is { } key && !index.Matches(key, expected)) yield return "index rows";
    }

    /// <summary>The row of a resource, for findings.</summary>
    public long? Key(string type, string id) => new Foreseen(connection).Find(type, id)?.Key;

    public long Number(Person person) => PersonReader.Number(connection, person.Key);

    public ISnapshot Read(CancellationToken cancel = default, Expected? expected = null) => new Snapshot(known, new ReadConnection(connection), back: null);

    public IReadOnlyDictionary<string, int> CategoryBits(IReadOnlyList<string> categories)
    {
        var bits = CategoryBit.Given(connection);
        return categories.FirstOrDefault(category => !bits.ContainsKey(category)) is null ? bits
            : throw new StoreRefusedException("The store has never served this agreement; start the server on it once");
    }

    public string? GetSetting(string name)
    {
        using var row = connection.Use("SELECT value FROM setting WHERE name = ?1").Bind(1, name);
        return row.Step() ? row.Text(0) : null;
    }

    public LedgerProof VerifyLedger(LedgerReceipt? receipt) => new LedgerVerification(connection, known.Key, receipt).Verify();
    public LedgerReceipt Receipt(DateTimeOffset now) => LedgerHead.Sign(connection, known.Key, now);

    public void SetSetting(string name, string value) => throw ReadsOnly();
    public void RemoveSetting(string name) => throw ReadsOnly();
    public IReadOnlyList<(string Name, string Value)> Settings(string prefix) => new Snapshot(known, new ReadConnection(connection), back: null).Settings(prefix);
    public Task<CommitResult> Commit(Change change, IReadOnlyList<AuditEntry> audit, CancellationToken cancel) => throw ReadsOnly();
    public CommitResult Suppose(Change change, Action<ISnapshot> question) => throw ReadsOnly();
    public int EraseAudit(DateTimeOffset before, AuditEntry order) => throw ReadsOnly();

    private static InvalidOperationException ReadsOnly() => new("This store is open for reading only.");

    public ValueTask DisposeAsync()
    {
        connection.Dispose();
        return ValueTask.CompletedTask;
    }
}
