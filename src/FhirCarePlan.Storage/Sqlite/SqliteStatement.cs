using FhirCarePlan.Storage.Engine;
using System.Text;
using SQLitePCL;

namespace FhirCarePlan.Storage.Sqlite;

/// <summary>It calls SQLite directly, because every request runs several statements, and a command object with parameters costs more than most of
/// them.</summary>
internal sealed class SqliteStatement(SqliteConnection connection, sqlite3 database, sqlite3_stmt handle) : Statement
{
    private const int OnStack = 512;

    public override Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(handle, index, value));
        return this;
    }

    public override Statement Bind(int index, long? value) => value is { } known ? Bind(index, known) : BindNull(index);

    public override Statement Bind(int index, double value)
    {
        Check(raw.sqlite3_bind_double(handle, index, value));
        return this;
    }

    public override Statement Bind(int index, string? value)
    {
        if (value is null) return BindNull(index);
        if (value.Length <= OnStack / 3)
        {
            Span<byte> utf8 = stackalloc byte[OnStack];
            return BindUtf8(index, utf8[..Encoding.UTF8.GetBytes(value, utf8)]);
        }
        return BindUtf8(index, Encoding.UTF8.GetBytes(value));
    }

    public override Statement BindUtf8(int index, ReadOnlySpan<byte> utf8)
    {
        // An empty span has no address, and SQLite takes text without address for NULL.
        Check(utf8.IsEmpty ? raw.sqlite3_bind_text(handle, index, utf8z.FromSpan("\0"u8)) : raw.sqlite3_bind_text(handle, index, utf8));
        return this;
    }

    public override Statement BindBlob(int index, ReadOnlySpan<byte> bytes)
    {
        Check(bytes.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, index, 0) : raw.sqlite3_bind_blob(handle, index, bytes));
        return this;
    }

    public override Statement BindNoBlob(int index) => BindNull(index);

    private SqliteStatement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(handle, index));
        return this;
    }

    public override bool Step() => raw.sqlite3_step(handle) switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        _ => throw Failure(),
    };

    public override void Run()
    {
        var code = raw.sqlite3_step(handle);
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            var failure = Failure();
            raw.sqlite3_reset(handle);
            throw failure;
        }
        raw.sqlite3_reset(handle);
    }

    public override bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;
    public override long Int64(int column) => raw.sqlite3_column_int64(handle, column);
    public override int Int32(int column) => raw.sqlite3_column_int(handle, column);
    public override double Double(int column) => raw.sqlite3_column_double(handle, column);
    public override ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);
    public override byte[] Blob(int column) => Bytes(column).ToArray();
    public override string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public override void Dispose() => raw.sqlite3_reset(handle);

    public void Close() => handle.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw Failure();
    }

    private Exception Failure() => raw.sqlite3_extended_errcode(database) is var code && code == raw.SQLITE_INTERRUPT
        ? new OperationCanceledException(connection.Cancel) : new SqliteFailure(code, raw.sqlite3_errmsg(database).utf8_to_string());
}
