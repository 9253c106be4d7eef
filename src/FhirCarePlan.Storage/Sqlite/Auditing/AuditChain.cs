using System.Security.Cryptography;

namespace FhirCarePlan.Storage.Sqlite.Auditing;

/// <summary>Walks the chain from its beginning and says whether it holds. A payload may be missing as far as retention erased it; a
/// payload that is there must be what was committed to.</summary>
internal static class AuditChain
{
    /// <summary>Setting: the number of the last row whose payload was erased.</summary>
    public const string ErasedThrough = "audit-erased-through";

    /// <summary>chain = SHA-256(chain before || commitment).</summary>
    public static void Link(ReadOnlySpan<byte> before, ReadOnlySpan<byte> commitment, Span<byte> chain)
    {
        Span<byte> both = stackalloc byte[2 * SHA256.HashSizeInBytes];
        before.CopyTo(both);
        commitment.CopyTo(both[SHA256.HashSizeInBytes..]);
        SHA256.HashData(both, chain);
    }

    public static AuditProof Verify(Connection connection)
    {
        var erasedThrough = Number(connection, "SELECT value FROM setting WHERE name = 'audit-erased-through'");
        Span<byte> chain = stackalloc byte[SHA256.HashSizeInBytes];
        chain.Clear();
        long rows = 0, erased = 0;
        using var row = connection.Use($"""
            SELECT c.seq, c.commitment, c.chain, a.salt, {AuditRow.Columns}
            FROM audit_chain c LEFT JOIN audit_payload a ON a.seq = c.seq ORDER BY c.seq
            """);
        while (row.Step())
        {
            var seq = row.Int64(0);
            var commitment = row.Bytes(1);
            if (seq != rows + 1 || commitment.Length != AuditSeal.CommitmentLength) return Broken(rows + 1, chain);
            Link(chain, commitment, chain);
            if (!row.Bytes(2).SequenceEqual(chain)) return Broken(seq, chain);
            rows = seq;
            if (row.IsNull(3))
            {
                if (seq > erasedThrough) return Broken(seq, chain);
                erased++;
            }
            else if (!AuditSeal.Commitment(row.Bytes(3), AuditRow.Read(row, first: 4)).AsSpan().SequenceEqual(commitment)) return Broken(seq, chain);
        }
        if (Number(connection, "SELECT max(seq) FROM audit_payload") > rows) return Broken(rows + 1, chain);
        return new AuditProof(rows, erased, null, Convert.ToHexStringLower(chain));

        AuditProof Broken(long at, ReadOnlySpan<byte> head) => new(rows, erased, at, Convert.ToHexStringLower(head));
    }

    private static long Number(Connection connection, string sql)
    {
        using var row = connection.Use(sql);
        return row.Step() ? row.Int64(0) : 0;
    }
}
