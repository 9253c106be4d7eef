using FhirCarePlan.Storage.Engine;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>Appends sealed entries to the ledger. The head is read from the database at the start of every group, so that a rolled back
/// group leaves nothing to be taken back and a second process may write in turn.</summary>
/// <param name="keyOf">The key of a resource, where somebody knows it already; null to look it up.</param>
internal sealed class LedgerLog(Connection connection, LedgerKey key, Func<string, string, long?>? keyOf = null)
{
    private readonly byte[] state = new byte[SHA256.HashSizeInBytes];
    private readonly LedgerTexts texts = new(connection);
    private const int MostOpen = 10_000;

    private readonly List<string> closed = [];
    private HashSet<string>? open;
    private long erased, writtenHead;

    /// <summary>The number of the newest row; 0 before the first.</summary>
    public long Head { get; private set; }

    public void ReadHead()
    {
        var (before, erasedBefore) = (Head, erased);
        Head = writtenHead = LedgerHead.Read(connection, state, out erased);
        if (Head == before) open?.ExceptWith(closed);
        closed.Clear();
        if (open?.Count > MostOpen) open = null;
        // Somebody else wrote or erased, or a group was taken back.
        if (Head != before || erased != erasedBefore) texts.Forget();
    }

    public void Append(SealedEntry entry)
    {
        Head++;
        texts.Enter(Head);
        key.Link(state, entry.Commitment);
        connection.Use("INSERT INTO ledger (seq, tag, salt, payload) VALUES (?1, ?2, ?3, ?4)")
            .Bind(1, Head).Bind(2, TagOf(state)).BindBlob(3, entry.Salt).BindBlob(4, entry.Payload(texts.NumberOf, keyOf ?? KeyOf)).Run();
        if (!entry.IsPart)
        {
            if (!Open.Contains(entry.Id)) return;
            Close(entry.Id);
            closed.Add(entry.Id);
            return;
        }
        Open.Add(entry.Id);
        connection.Use("INSERT INTO ledger_open (event, seq) VALUES (?1, ?2)").Bind(1, entry.Id).Bind(2, Head).Run();
    }

    /// <summary>Appends a row whose payload an older ledger had erased already.</summary>
    public void AppendErased(ReadOnlySpan<byte> commitment)
    {
        Head++;
        key.Link(state, commitment);
        connection.Use("INSERT INTO ledger (seq, tag, salt, payload) VALUES (?1, ?2, NULL, ?3)").Bind(1, Head).Bind(2, TagOf(state))
            .BindBlob(3, commitment).Run();
    }

    /// <summary>Whether the rows appended last are in the database, for somebody who could not hear it.</summary>
    public bool IsStored()
    {
        if (Head == writtenHead) return false;
        using var row = connection.Use("SELECT tag FROM ledger WHERE seq = ?1").Bind(1, Head);
        return row.Step() && row.Int64(0) == TagOf(state);
    }

    /// <summary>After texts were erased.</summary>
    public void Forget() => texts.Forget();

    /// <summary>Before the group is committed.</summary>
    public void WriteHead()
    {
        if (Head != writtenHead) LedgerHead.Write(connection, Head, state);
    }

    /// <summary>The beginning of the chain's value: enough to say which row does not hold, too little to go on from.</summary>
    public static long TagOf(ReadOnlySpan<byte> state) => BinaryPrimitives.ReadInt64LittleEndian(state);

    private long? KeyOf(string type, string id)
    {
        using var row = connection.Use("SELECT key FROM resource WHERE type = ?1 AND id = ?2").Bind(1, type).Bind(2, id);
        return row.Step() ? row.Int64(0) : null;
    }

    /// <summary>Events that are not closed, or were not when they were last looked at.</summary>
    private HashSet<string> Open
    {
        get
        {
            if (open is not null) return open;
            open = new HashSet<string>(StringComparer.Ordinal);
            using var rows = connection.Use("SELECT DISTINCT event FROM ledger_open");
            while (rows.Step()) open.Add(rows.Text(0));
            return open;
        }
    }

    private void Close(string id)
    {
        connection.Use("INSERT INTO ledger_part (event, part) SELECT ?2, seq FROM ledger_open WHERE event = ?1").Bind(1, id).Bind(2, Head)
            .Run();
        connection.Use("DELETE FROM ledger_open WHERE event = ?1").Bind(1, id).Run();
    }
}
