using FhirCarePlan.Storage.Engine;


namespace FhirCarePlan.Storage.Auditing;

/// <summary>Checks the ledger from its beginning with the key: every row is what was committed to, the end is the end, missing payloads
/// were erased on record, the index matches the events, and a receipt kept elsewhere agrees.</summary>
internal sealed class LedgerVerification(Connection connection, LedgerKey key, LedgerReceipt? receipt)
{
    private readonly LedgerReader reader = new(connection, new LedgerTextCache());
    private readonly Dictionary<string, List<long>> parts = new(StringComparer.Ordinal);
    private readonly List<(long First, long Last)> missing = [];
    private long rows, erased, covered, partCount;

    public LedgerProof Verify()
    {
        Span<byte> state = LedgerHead.Genesis(connection), headState = stackalloc byte[32];
        if (receipt is not null && !key.HasSigned(receipt)) return Proof(LedgerFault.ForeignReceipt, null, state);
        if (receipt is { Rows: 0 } && Convert.ToHexStringLower(state) != receipt.Head) return Proof(LedgerFault.OtherThanReceipt, 0, state);
        var head = LedgerHead.Read(connection, headState, out _);
        using (var row = connection.Use("SELECT seq, tag, salt, payload FROM ledger ORDER BY seq"))
            while (row.Step())
            {
                if (row.Int64(0) != rows + 1 || CommitmentOf(row) is not { Length: 32 } commitment)
                    return Proof(LedgerFault.Broken, rows + 1, state);
                key.Link(state, commitment);
                if (row.Int64(1) != LedgerLog.TagOf(state)) return Proof(LedgerFault.Broken, rows + 1, state);
                rows++;
                if (rows == receipt?.Rows && Convert.ToHexStringLower(state) != receipt.Head)
                    return Proof(LedgerFault.OtherThanReceipt, rows, state);
            }
        if (rows > head) return Proof(LedgerFault.Broken, head + 1, state);
        if (rows < head || !state.SequenceEqual(headState) || rows < receipt?.Rows) return Proof(LedgerFault.CutOff, rows + 1, state);
        foreach (var (first, last) in missing)
            if (last > covered) return Proof(LedgerFault.ErasedUnseen, Math.Max(first, covered + 1), state);
        return WrongIndex() is { } at ? Proof(LedgerFault.WrongIndex, at, state) : Proof(LedgerFault.None, null, state);
    }

    private LedgerProof Proof(LedgerFault fault, long? at, ReadOnlySpan<byte> state) =>
        new(fault, rows, erased, at, Convert.ToHexStringLower(state));

    private byte[]? CommitmentOf(Statement row)
    {
        var seq = row.Int64(0);
        if (row.IsNull(2))
        {
            erased++;
            if (missing is [.., (var first, var last)] && last == seq - 1) missing[^1] = (first, seq);
            else missing.Add((seq, seq));
            return row.Blob(3);
        }
        try
        {
            var entry = reader.Read(row.Bytes(3));
            covered = Math.Max(covered, LedgerErasure.Covers(entry));
            if (entry.IsPart) (parts.TryGetValue(entry.Id, out var open) ? open : parts[entry.Id] = []).Add(seq);
            else if (!PartsAre(seq, parts.Remove(entry.Id, out var closed) ? closed : [])) return null;
            return Commitment.Of(row.Bytes(2), entry);
        }
        catch (Exception fault) when (fault
            is InvalidDataException or FormatException or IndexOutOfRangeException or ArgumentException or OverflowException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private bool PartsAre(long seq, List<long> expected)
    {
        var stored = new List<long>();
        using (var row = connection.Use("SELECT part FROM ledger_part WHERE event = ?1 ORDER BY part").Bind(1, seq))
            while (row.Step()) stored.Add(row.Int64(0));
        partCount += stored.Count;
        return stored.SequenceEqual(expected);
    }

    /// <summary>The first row of a block whose index says something else than its rows.</summary>
    private long? WrongIndex()
    {
        using (var stored = connection.Use("SELECT count(*) FROM ledger_part"))
            if (stored.Step() && stored.Int64(0) != partCount) return 1;
        var blocks = new List<(long No, long Oldest, long Newest, byte[] Events)>();
        using (var row = connection.Use("SELECT no, at_min, at_max, events FROM ledger_block ORDER BY no"))
            while (row.Step()) blocks.Add((row.Int64(0), row.Int64(1), row.Int64(2), row.Blob(3)));
        LedgerHead.Read(connection, stackalloc byte[32], out var erasedThrough);
        var expected = blocks.Count == 0 ? 0 : blocks[0].No;
        foreach (var (no, oldest, newest, events) in blocks)
        {
            if (no != expected++) return LedgerBlocks.FirstOf(expected - 1);
            if (LedgerBlocks.FirstOf(no + 1) - 1 <= erasedThrough) continue;
            var anew = LedgerBlocks.Of(reader, key, no);
            var (facets, bundles) = LedgerBlocks.Packed(anew);
            if (oldest != anew.Oldest || newest != anew.Newest || !events.AsSpan().SequenceEqual(anew.Events.Pack())
                || !Same("SELECT key, rows FROM ledger_facet WHERE block = ?1", no, facets.ToDictionary(f => (long)f.Key, f => f.Rows))
                || !Same("SELECT first, entries FROM ledger_bundle WHERE block = ?1", no,
                    bundles.ToDictionary(b => b.First, b => b.Entries)))
                return LedgerBlocks.FirstOf(no);
        }
        return null;
    }

    private bool Same(string sql, long block, Dictionary<long, byte[]> expected)
    {
        var count = 0;
        using var row = connection.UseShape(sql).Bind(1, block);
        for (; row.Step(); count++)
            if (!expected.TryGetValue(row.Int64(0), out var bytes) || !row.Bytes(1).SequenceEqual(bytes)) return false;
        return count == expected.Count;
    }
}
