using System.Data;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Search;
using Npgsql;

namespace FhirCarePlan.Storage.Postgres;

/// <summary>A session of PostgreSQL. What has no rows to read waits until something is asked or committed, and goes in the same trip: a
/// group of changes is one trip for what it must know and one for what it writes.
/// https://www.postgresql.org/docs/15/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY</summary>
internal sealed class PostgresConnection : Connection
{
    private const int MaxShapes = 200, MostWaiting = 1_000, SizeOfCommand = 200;

    /// <summary>What a search joins with. Nobody vacuums a temporary table: it is emptied when the snapshot ends.</summary>
    private const string ForSearch = """
        CREATE TEMP TABLE permitted
        (
            slot bigint NOT NULL, is_own bigint NOT NULL, class bigint NOT NULL, kinds bigint NOT NULL, mask bigint NOT NULL,
            PRIMARY KEY (slot, is_own, class, kinds)
        ) ON COMMIT DELETE ROWS;
        CREATE TEMP TABLE near (person bigint NOT NULL, is_own bigint NOT NULL, root bigint NOT NULL, PRIMARY KEY (is_own, person, root))
            ON COMMIT DELETE ROWS;
        CREATE TEMP TABLE page (key bigint PRIMARY KEY, mask bigint NOT NULL) ON COMMIT DELETE ROWS;
        """;

    private readonly NpgsqlConnection session;
    private readonly Trips trips;
    private readonly Dictionary<string, PostgresStatement> statements = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, PostgresStatement> shapes = new(StringComparer.Ordinal);
    private readonly List<(NpgsqlBatchCommand Command, PostgresStatement? Asks)> waiting = [];
    private readonly Numbers numbers;
    private readonly int room;
    private int size;
    private bool isWriting, isInTransaction;
    private const int Claims = 20300502;
    private int? claim;

    private PostgresConnection(NpgsqlConnection session, Trips trips)
    {
        (this.session, this.trips) = (session, trips);
        // What goes beyond the buffer is sent with the help of other threads, for which a synchronous caller would wait.
        room = new NpgsqlConnectionStringBuilder(session.ConnectionString).WriteBufferSize - SizeOfCommand;
        numbers = new Numbers(this);
    }

    public static PostgresConnection Open(NpgsqlConnection session, Trips trips)
    {
        var connection = new PostgresConnection(session, trips);
        connection.OpenSession();
        return connection;
    }

    private void OpenSession()
    {
        try
        {
            session.Open();
            using var command = new NpgsqlCommand(ForSearch, session);
            command.ExecuteNonQuery();
            if (claim is not { } definitions || TryClaim(definitions)) return;
            // The next use opens it again, and asks again.
            session.Close();
            throw new PostgresFailure("55006", "another process works under other definitions");
        }
        catch (NpgsqlException fault)
        {
            throw PostgresFailure.Of(fault, isUncertain: false);
        }
    }

    /// <summary>Holds a shared lock named after the definitions as long as the session lives; locks of other names are other processes'.
    /// https://www.postgresql.org/docs/15/explicit-locking.html#ADVISORY-LOCKS</summary>
    /// <exception cref="StoreRefusedException">Another process is at work under others.</exception>
    public void Claim(string definitions)
    {
        var name = BitConverter.ToInt32(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(definitions))) & int.MaxValue;
        Flush();
        for (var attempt = 1; !TryClaim(name); attempt++)
        {
            if (attempt > 20) throw new StoreRefusedException(DatabaseStore.ClaimedOtherwise);
            // A process that has just ended takes a moment to be gone there.
            Task.Delay(100).GetAwaiter().GetResult();
        }
        claim = name;
    }

    private bool TryClaim(int name)
    {
        using var take = new NpgsqlCommand($"SELECT pg_advisory_lock_shared({Claims}, {name})", session);
        take.ExecuteNonQuery();
        using var others = new NpgsqlCommand($"""
            SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = {Claims} AND objid <> {name} AND objsubid = 2
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """, session);
        if ((long)others.ExecuteScalar()! == 0) return true;
        using var release = new NpgsqlCommand($"SELECT pg_advisory_unlock_shared({Claims}, {name})", session);
        release.ExecuteNonQuery();
        return false;
    }

    public override bool KeepsLists => false;

    public override Statement Use(string sql)
    {
        if (!statements.TryGetValue(sql, out var statement)) statements.Add(sql, statement = new(this, PostgresSql.Of(sql)));
        return statement;
    }

    public override Statement UseShape(string sql)
    {
        if (shapes.TryGetValue(sql, out var statement)) return statement;
        if (shapes.Count >= MaxShapes) shapes.Clear();
        shapes.Add(sql, statement = new(this, PostgresSql.Of(sql)));
        return statement;
    }

    public override long Insert(Statement insert)
    {
        var number = numbers.Next();
        insert.Bind(1, number).Run();
        return number;
    }

    public override void BeginRead() => Begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", isWriting: false);

    /// <summary>The row of the numbers is the lock of all writers of all processes: what one reads once it has the lock is what the others
    /// have committed.</summary>
    public override void BeginWrite()
    {
        Begin("BEGIN", isWriting: true);
        numbers.Lock();
    }

    public override void BeginSchema()
    {
        Begin("BEGIN", isWriting: false);
        Defer(new NpgsqlBatchCommand("SET LOCAL lock_timeout = 0"));
        Defer(new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock(20300501)"));
        Flush();
    }

    private void Begin(string sql, bool isWriting)
    {
        ForgetWaiting();
        if (session.State != ConnectionState.Open)
        {
            session.Close();
            OpenSession();
        }
        Defer(new NpgsqlBatchCommand(sql));
        (this.isWriting, isInTransaction) = (isWriting, true);
    }

    public override void Commit()
    {
        if (isWriting) numbers.Keep();
        Defer(new NpgsqlBatchCommand("COMMIT"));
        Trip(isCommit: true);
        isInTransaction = false;
    }

    public override void RollBack()
    {
        ForgetWaiting();
        isInTransaction = false;
        if (session.State != ConnectionState.Open) return;
        Defer(new NpgsqlBatchCommand("ROLLBACK"));
        if (isWriting) Defer(new NpgsqlBatchCommand("TRUNCATE permitted, near, page"));
        Flush();
    }

    public override bool IsInTransaction => isInTransaction;

    public override void Execute(string script)
    {
        Flush();
        try
        {
            using var command = new NpgsqlCommand(script, session);
            command.ExecuteNonQuery();
        }
        catch (NpgsqlException fault)
        {
            throw PostgresFailure.Of(fault, isUncertain: false);
        }
    }

    public override bool IsFar => true;

    public override void Ask(IReadOnlyList<Statement> questions)
    {
        foreach (var question in questions) Await((PostgresStatement)question);
        Flush();
    }

    /// <summary>Goes with the next trip.</summary>
    public void Await(PostgresStatement question) => Defer(question.Await(), question);

    public void Defer(NpgsqlBatchCommand command, PostgresStatement? asks = null)
    {
        var more = SizeOfCommand + command.CommandText.Length;
        foreach (NpgsqlParameter value in command.Parameters) more += 16 + (value.Value is byte[] bytes ? bytes.Length : 0);
        if (size + more > room || waiting.Count >= MostWaiting) Flush();
        size += more;
        waiting.Add((command, asks));
    }

    public override void Flush()
    {
        if (waiting.Count > 0) Trip(isCommit: false);
    }

    private void Trip(bool isCommit)
    {
        using var batch = new NpgsqlBatch(session);
        foreach (var (command, _) in waiting) batch.BatchCommands.Add(command);
        var questions = waiting.Where(one => one.Asks != null).Select(one => one.Asks!).ToList();
        waiting.Clear();
        size = 0;
        trips.Add();
        try
        {
            if (session.State != ConnectionState.Open) throw new PostgresFailure("08003", "the connection was lost");
            using var breaksOff = new BreakingOff(batch, Cancel);
            using var reader = batch.ExecuteReader();
            foreach (var question in questions)
            {
                question.Answer(Rows.Read(reader));
                reader.NextResult();
            }
            while (reader.NextResult()) { }
        }
        catch (Exception fault)
        {
            foreach (var question in questions) question.Forget();
            if (fault is NpgsqlException && Cancel.IsCancellationRequested) throw new OperationCanceledException(Cancel);
            if (fault is NpgsqlException known) throw PostgresFailure.Of(known, isCommit);
            throw;
        }
    }

    private void ForgetWaiting()
    {
        foreach (var (_, question) in waiting) question?.Forget();
        waiting.Clear();
        size = 0;
    }

    public override void Dispose() => session.Dispose();
}
