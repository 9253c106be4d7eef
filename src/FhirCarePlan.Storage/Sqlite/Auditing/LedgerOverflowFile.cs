using FhirCarePlan.Storage.Engine;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using FhirCarePlan.Storage.Auditing;

namespace FhirCarePlan.Storage.Sqlite.Auditing;

/// <summary>Ledger rows beside the database (`NAME-ledger`), durable and not yet in it. A record: the length of the row (4 bytes), the row
/// as JSON, and HMAC(generation, number of the record, row), so that rows of an earlier generation and changed rows do not count. The
/// database says how many records of which generation it has taken in.</summary>
internal sealed class LedgerOverflowFile : IDisposable
{
    private const string Mark = "ledger-overflow";

    private readonly LedgerKey key;
    private readonly FileStream? stream;
    private readonly FileIdentity? identity;
    private long generation, records;
    private bool isBroken;

    /// <param name="path">The path of the database.</param>
    public LedgerOverflowFile(string path, LedgerKey key)
    {
        this.key = key;
        try
        {
            stream = new FileStream(path + "-ledger", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 0);
            identity = FileIdentity.Of(stream.Name);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Another process keeps its rows there: without the file every row waits for the writer.
        }
    }

    /// <summary>False: the file was moved or replaced.</summary>
    public bool IsInPlace => stream is not null && FileIdentity.Of(stream.Name) == identity;

    public bool IsUsable => stream is not null && !isBroken;

    /// <summary>Bytes at the end, after a crash, that could not be read: none, or part of a record that was not acknowledged.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Appends the rows that a crash left here to the ledger, in the caller's transaction; the caller empties the file once that
    /// is committed.</summary>
    public void Recover(Connection connection)
    {
        (generation, var taken) = Taken(connection);
        if (stream is { Length: > 0 }) Recover(connection, taken);
        generation++;
    }

    private void Recover(Connection connection, int taken)
    {
        var bytes = new byte[stream!.Length];
        stream.Position = 0;
        stream.ReadExactly(bytes);
        var (rows, read) = Read(bytes, generation);
        if (rows.Count == 0)
        {
            // The file had been emptied, and these came later.
            (rows, read) = Read(bytes, generation + 1);
            taken = 0;
            if (rows.Count > 0) generation++;
        }
        Unreadable = bytes.Length - read;
        if (rows.Count <= taken) return;
        var log = new LedgerLog(connection, key);
        log.ReadHead();
        foreach (var row in rows.Skip(taken)) log.Append(new SealedEntry(row));
        log.WriteHead();
        MarkTaken(connection, rows.Count);
    }

    /// <summary>In the transaction that appends the rows.</summary>
    /// <param name="count">How many of the records in the file are in the database with it.</param>
    public void MarkTaken(Connection connection, int count) =>
        connection.Use("INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value").Bind(1, Mark).Bind(2, $"{generation} {count}").Run();

    /// <returns>False: nothing was kept, and this generation keeps nothing more.</returns>
    public bool TryAppend(IEnumerable<SealedEntry> rows)
    {
        var before = stream!.Position;
        try
        {
            using var buffer = new MemoryStream();
            var count = records;
            foreach (var row in rows) Write(buffer, JsonSerializer.SerializeToUtf8Bytes(row.Entry), count++);
            stream.Write(buffer.GetBuffer(), 0, (int)buffer.Length);
            stream.Flush(flushToDisk: true);
            records = count;
            return true;
        }
        catch (IOException)
        {
            // Most often there is no space. The record has no valid end, or is taken back here.
            isBroken = true;
            Shorten(before);
            return false;
        }
    }

    /// <summary>The database has taken everything in.</summary>
    public void Empty()
    {
        generation++;
        Clear();
    }

    /// <summary>The rows in the file no longer count.</summary>
    public void Clear()
    {
        records = 0;
        isBroken = !Shorten(0);
    }

    private bool Shorten(long length)
    {
        try
        {
            stream?.SetLength(length);
            stream?.Position = length;
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Write(MemoryStream to, byte[] row, long number)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, row.Length);
        to.Write(length);
        to.Write(row);
        to.Write(key.SignOverflow(generation, number, row));
    }

    private (List<AuditEntry> Rows, long Read) Read(ReadOnlySpan<byte> bytes, long of)
    {
        var (rows, at) = (new List<AuditEntry>(), 0);
        while (bytes.Length - at >= sizeof(int) + SHA256.HashSizeInBytes)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
            if (length < 0 || length > bytes.Length - at - sizeof(int) - SHA256.HashSizeInBytes) break;
            var row = bytes.Slice(at + sizeof(int), length);
            var signature = bytes.Slice(at + sizeof(int) + length, SHA256.HashSizeInBytes);
            if (!CryptographicOperations.FixedTimeEquals(key.SignOverflow(of, rows.Count, row), signature)) break;
            rows.Add(JsonSerializer.Deserialize<AuditEntry>(row)!);
            at += sizeof(int) + length + SHA256.HashSizeInBytes;
        }
        return (rows, at);
    }

    /// <summary>How many records of which generation are in the database. Before there was a count, a generation was taken in whole.
    /// </summary>
    private static (long Generation, int Count) Taken(Connection connection)
    {
        using var row = connection.Use("SELECT value FROM setting WHERE name = 'ledger-overflow'");
        if (!row.Step()) return (0, 0);
        var parts = row.Text(0).Split(' ');
        return (long.Parse(parts[0], CultureInfo.InvariantCulture),
            parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : int.MaxValue);
    }

    public void Dispose() => stream?.Dispose();
}
