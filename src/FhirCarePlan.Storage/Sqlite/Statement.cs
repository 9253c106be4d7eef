using System.Text;
using SQLitePCL;

namespace FhirCarePlan.Storage.Sqlite;

/// <summary>A prepared statement, kept by its connection: bind (from 1), step, read columns (from 0); disposing hands it back. It calls
/// SQLite directly, because every request runs several statements, and a command object with parameters costs more than most of
/// them.</summary>
internal sealed class Statement(sqlite3 database, sqlite3_stmt handle) : IDisposable
{
    private const int OnStack = 512;

    public Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(handle, index, value));
        return this;
    }

    public Statement Bind(int index, long? value) => value is { } known ? Bind(index, known) : BindNull(index);

    public Statement Bind(int index, double value)
    {
        Check(raw.sqlite3_bind_double(handle, index, value));
        return this;
    }

    public Statement Bind(int index, string? value)
    {
        if (value is null) return BindNull(index);
        if (value.Length <= OnStack / 3)
        {
            Span<byte> utf8 = stackalloc byte[OnStack];
            return BindUtf8(index, utf8[..Encoding.UTF8.GetBytes(value, utf8)]);
        }
        return BindUtf8(index, Encoding.UTF8.GetBytes(value));
    }

    public Statement BindUtf8(int index, ReadOnlySpan<byte> utf8)
    {
        // An empty span has no address, and SQLite takes text without address for NULL.
        Check(utf8.IsEmpty ? raw.sqlite3_bind_text(handle, index, utf8z.FromSpan("\0"u8)) : raw.sqlite3_bind_text(handle, index, utf8));
        return this;
    }

    public Statement BindBlob(int index, ReadOnlySpan<byte> bytes)
    {
        Check(bytes.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, index, 0) : raw.sqlite3_bind_blob(handle, index, bytes));
        return this;
    }

    public Statement BindNull(int index)
    {
        Check(raw.sqlite3_bind_null(handle, index));
        return this;
    }

    /// <summary>Values as SqlText gathers them.</summary>
    public Statement BindAll(List<object> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            _ = values[i] switch
            {
                long number => Bind(i + 1, number),
                double number => Bind(i + 1, number),
                string text => Bind(i + 1, text),
                _ => throw new InvalidOperationException("Not a value of SqlText."),
            };
        }
        return this;
    }

    /// <summary>True: there is a row. False: there are no more.</summary>
    public bool Step() => raw.sqlite3_step(handle) switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        _ => throw Failure(),
    };

    /// <summary>Runs a statement without rows and makes it ready for the next values.</summary>
    public void Run()
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

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;
    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);
    public int Int32(int column) => raw.sqlite3_column_int(handle, column);
    public double Double(int column) => raw.sqlite3_column_double(handle, column);
    /// <summary>The bytes of a blob or of a text in UTF-8; gone with the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);
    public byte[] Blob(int column) => Bytes(column).ToArray();
    public byte[]? BlobOrNull(int column) => IsNull(column) ? null : Blob(column);
    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));
    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);
    public long? Int64OrNull(int column) => IsNull(column) ? null : Int64(column);

    /// <summary>Ready to be used again; frees what it read.</summary>
    public void Dispose() => raw.sqlite3_reset(handle);

    public void Close() => handle.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw Failure();
    }

    private SqliteFailure Failure() => new(raw.sqlite3_extended_errcode(database), raw.sqlite3_errmsg(database).utf8_to_string());
}
