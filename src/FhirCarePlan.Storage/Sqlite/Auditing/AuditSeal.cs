using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FhirCarePlan.Storage.Sqlite.Auditing;

/// <summary>Audit entries as the bytes they are committed to, back to back: length (4), commitment (32), salt (16), payload. Sealing is done
/// on the caller's thread; the writer only chains and binds. Payload: 1 (its own version), ticks (8), permitted (1), then each field of
/// `Fields` as length (-1 for null) and UTF-8.</summary>
internal static class AuditSeal
{
    public const int CommitmentLength = 32, SaltLength = 16;
    public const int FieldCount = 16;
    private const int Head = 4 + CommitmentLength + SaltLength, PayloadHead = 1 + 8 + 1;
    private const byte Version = 1;
    private const char BetweenPolicies = '\n';

    public static byte[] Seal(IReadOnlyList<AuditEntry> entries)
    {
        if (entries.Count == 0) return [];
        var length = 0;
        for (var i = 0; i < entries.Count; i++) length += Head + PayloadLength(entries[i]);
        var sealed_ = new byte[length];
        var rest = sealed_.AsSpan();
        for (var i = 0; i < entries.Count; i++)
        {
            var size = Head + PayloadLength(entries[i]);
            BinaryPrimitives.WriteInt32LittleEndian(rest, size);
            RandomNumberGenerator.Fill(rest.Slice(4 + CommitmentLength, SaltLength));
            WritePayload(entries[i], rest[Head..size]);
            SHA256.HashData(rest[(4 + CommitmentLength)..size], rest.Slice(4, CommitmentLength));
            rest = rest[size..];
        }
        return sealed_;
    }

    /// <summary>What an entry read back must have been committed to.</summary>
    public static byte[] Commitment(ReadOnlySpan<byte> salt, AuditEntry entry)
    {
        var bytes = new byte[SaltLength + PayloadLength(entry)];
        salt.CopyTo(bytes);
        WritePayload(entry, bytes.AsSpan(SaltLength));
        return SHA256.HashData(bytes);
    }

    private static AuditDetail? First(AuditEntry entry) => entry.Details is [var first, ..] ? first : null;

    public static string JoinPolicies(AuditEntry entry) => (First(entry)?.Policies ?? []).Count switch
    {
        0 => "",
        1 => First(entry)!.Policies[0],
        _ => string.Join(BetweenPolicies, First(entry)!.Policies),
    };

    public static string[] SplitPolicies(string joined) => joined.Length == 0 ? [] : joined.Split(BetweenPolicies);

    private static int PayloadLength(AuditEntry entry)
    {
        var length = PayloadHead + 4 * FieldCount;
        for (var i = 0; i < FieldCount; i++)
            if (Field(entry, i) is { } text) length += Encoding.UTF8.GetByteCount(text);
        return length;
    }

    private static void WritePayload(AuditEntry entry, Span<byte> to)
    {
        to[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(to[1..], entry.At.UtcTicks);
        to[9] = entry.Outcome == AuditOutcome.Success ? (byte)1 : (byte)0;
        to = to[PayloadHead..];
        for (var i = 0; i < FieldCount; i++)
        {
            var text = Field(entry, i);
            var length = text is null ? -1 : Encoding.UTF8.GetBytes(text, to[4..]);
            BinaryPrimitives.WriteInt32LittleEndian(to, length);
            to = to[(4 + Math.Max(length, 0))..];
        }
    }

    /// <summary>The order of the columns of audit_payload, from `id` on.</summary>
    private static string? Field(AuditEntry entry, int index) => index switch
    {
        0 => entry.Id, 1 => entry.Interaction, 2 => entry.Subject, 3 => entry.Party, 4 => entry.Role, 5 => entry.Purpose, 6 => entry.Agent,
        7 => entry.Organization, 8 => entry.Target, 9 => First(entry)?.Person, 10 => First(entry)?.Patient, 11 => First(entry)?.Holder, 12 => entry.Query,
        13 => JoinPolicies(entry), 14 => entry.Reason, _ => entry.CorrelationId,
    };

    /// <summary>Takes sealed entries apart without making strings of them.</summary>
    public ref struct Reader(ReadOnlySpan<byte> sealed_)
    {
        private ReadOnlySpan<byte> rest = sealed_, fields;

        public ReadOnlySpan<byte> Commitment { get; private set; }
        public ReadOnlySpan<byte> Salt { get; private set; }
        public long At { get; private set; }
        public bool IsPermitted { get; private set; }

        public bool Next()
        {
            if (rest.IsEmpty) return false;
            var size = BinaryPrimitives.ReadInt32LittleEndian(rest);
            Commitment = rest.Slice(4, CommitmentLength);
            Salt = rest.Slice(4 + CommitmentLength, SaltLength);
            var payload = rest[Head..size];
            At = BinaryPrimitives.ReadInt64LittleEndian(payload[1..]);
            IsPermitted = payload[9] == 1;
            fields = payload[PayloadHead..];
            rest = rest[size..];
            return true;
        }

        /// <summary>The next field's UTF-8; false when it is null.</summary>
        public bool NextField(out ReadOnlySpan<byte> utf8)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(fields);
            utf8 = length < 0 ? default : fields.Slice(4, length);
            fields = fields[(4 + Math.Max(length, 0))..];
            return length >= 0;
        }
    }
}
