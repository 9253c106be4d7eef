using System.Text;
using FhirCarePlan.Storage.Engine;
using Npgsql;
using NpgsqlTypes;

namespace FhirCarePlan.Storage.Postgres;

/// <summary>A statement with its values. Its rows are read whole, so that another can be asked while they are looked at.</summary>
internal sealed class PostgresStatement(PostgresConnection connection, string sql) : Statement
{
    private readonly List<NpgsqlParameter?> values = [];
    private List<object?[]>? rows;
    private int at;
    private bool isAwaited;

    public override Statement Bind(int index, long value) => Set(index, new NpgsqlParameter<long> { NpgsqlDbType = NpgsqlDbType.Bigint, TypedValue = value });
    public override Statement Bind(int index, long? value) => value is { } known ? Bind(index, known) : SetNull(index, NpgsqlDbType.Bigint);
    public override Statement Bind(int index, double value) => Set(index, new NpgsqlParameter<double> { NpgsqlDbType = NpgsqlDbType.Double, TypedValue = value });

    // As bytes: half a surrogate pair becomes the character that stands for it, as in SQLite, instead of a fault.
    public override Statement Bind(int index, string? value) =>
        value is null ? SetNull(index, NpgsqlDbType.Text) : Text(index, Encoding.UTF8.GetBytes(value));
    public override Statement BindUtf8(int index, ReadOnlySpan<byte> utf8) => Text(index, utf8.ToArray());
    public override Statement BindBlob(int index, ReadOnlySpan<byte> bytes) => Bytes(index, bytes.ToArray(), NpgsqlDbType.Bytea);
    public override Statement BindNoBlob(int index) => SetNull(index, NpgsqlDbType.Bytea);

    /// <summary>The command of a question whose answer is to come.</summary>
    public NpgsqlBatchCommand Await()
    {
        isAwaited = true;
        return Take();
    }

    private NpgsqlBatchCommand Take()
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(value ?? throw new InvalidOperationException("A value of a statement is not bound."));
        values.Clear();
        return command;
    }

    public void Answer(List<object?[]> answer) => (rows, at, isAwaited) = (answer, -1, false);

    /// <summary>No answer will come.</summary>
    public void Forget() => (rows, isAwaited) = (null, false);

    public override bool Step()
    {
        if (rows is null)
        {
            if (!isAwaited) connection.Await(this);
            connection.Flush();
        }
        return ++at < rows!.Count;
    }

    public override void Run() => connection.Defer(Take());

    public override bool IsNull(int column) => rows![at][column] is null;
    public override long Int64(int column) => rows![at][column] is long number ? number : 0;
    public override int Int32(int column) => checked((int)Int64(column));
    public override double Double(int column) => rows![at][column] is double number ? number : 0;
    public override ReadOnlySpan<byte> Bytes(int column) => Blob(column);
    public override byte[] Blob(int column) => rows![at][column] as byte[] ?? [];
    public override string Text(int column) => Encoding.UTF8.GetString(Blob(column));

    public override void Dispose() => rows = null;

    private Statement SetNull(int index, NpgsqlDbType type) => Set(index, new NpgsqlParameter { NpgsqlDbType = type, Value = DBNull.Value });

    private Statement Text(int index, byte[] utf8)
    {
        // PostgreSQL has no character 0; nothing that is valid holds one.
        if (utf8.AsSpan().Contains((byte)0)) utf8 = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8).Replace('\0', '\uFFFD'));
        return Bytes(index, utf8, NpgsqlDbType.Text);
    }

    private Statement Bytes(int index, byte[] bytes, NpgsqlDbType type) =>
        Set(index, new NpgsqlParameter<byte[]> { NpgsqlDbType = type, TypedValue = bytes });

    private PostgresStatement Set(int index, NpgsqlParameter value)
    {
        rows = null;
        while (values.Count < index) values.Add(null);
        values[index - 1] = value;
        return this;
    }
}
