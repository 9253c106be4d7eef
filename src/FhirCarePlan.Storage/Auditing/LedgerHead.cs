using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>The one row that says how far the ledger goes.</summary>
internal static class LedgerHead
{
    public const string Query = "SELECT seq, state, erased, genesis FROM ledger_head";

    /// <returns>The number of the newest row.</returns>
    /// <param name="erased">The number of the last row whose payload was erased.</param>
    public static long Read(Connection connection, Span<byte> state, out long erased)
    {
        using var row = connection.Use(Query);
        erased = 0;
        state.Clear();
        if (!row.Step()) return 0;
        erased = row.Int64(2);
        row.Bytes(1).CopyTo(state);
        return row.Int64(0);
    }

    /// <summary>The beginning of the chain.</summary>
    public static byte[] Genesis(Connection connection)
    {
        using var row = connection.Use(Query);
        return row.Step() && row.Bytes(3).Length == 32 ? row.Blob(3) : new byte[32];
    }

    public static void Begin(Connection connection, ReadOnlySpan<byte> genesis) =>
        connection.Use("INSERT INTO ledger_head (one, seq, state, erased, genesis) VALUES (1, 0, ?1, 0, ?1)").BindBlob(1, genesis).Run();

    public static void Write(Connection connection, long seq, ReadOnlySpan<byte> state) =>
        connection.Use("UPDATE ledger_head SET seq = ?1, state = ?2").Bind(1, seq).BindBlob(2, state).Run();

    public static void WriteErased(Connection connection, long erased) =>
        connection.Use("UPDATE ledger_head SET erased = ?1").Bind(1, erased).Run();

    public static LedgerReceipt Sign(Connection connection, LedgerKey key, DateTimeOffset now)
    {
        Span<byte> state = stackalloc byte[32];
        var rows = Read(connection, state, out _);
        var head = Convert.ToHexStringLower(state);
        return new LedgerReceipt(rows, head, now, key.Sign(rows, head, now));
    }
}
