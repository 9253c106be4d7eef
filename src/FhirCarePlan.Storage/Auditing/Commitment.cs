using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>The chain's commitment to an entry: SHA-256 over a salt and every field. The payload may be erased; without the salt nobody can
/// guess it, and the chain stays whole.</summary>
internal static class Commitment
{
    public const int SaltLength = 16;
    private const byte Version = 2;

    public static byte[] Of(ReadOnlySpan<byte> salt, AuditEntry entry)
    {
        var text = new Text();
        text.Bytes(salt);
        text.Number(Version);
        text.Number(entry.At.UtcTicks);
        text.Number((int)entry.Outcome);
        text.Number(entry.Status);
        text.Number(entry.IsPart ? 1 : 0);
        foreach (var field in (ReadOnlySpan<string?>)[entry.Id, entry.Interaction, entry.Subject, entry.Party, entry.Role, entry.Purpose,
            entry.Agent,
                     entry.Organization, entry.Target, entry.Query, entry.Reason, entry.CorrelationId])
            text.Field(field);
        text.Number(entry.Details.Count);
        foreach (var detail in entry.Details) Add(text, detail);
        return text.Hash();
    }

    private static void Add(Text text, AuditDetail detail)
    {
        text.Number((int)detail.Kind);
        text.Number(detail.Count);
        text.Number(detail.Mask);
        text.Number(detail.IsWidening ? 1 : 0);
        foreach (var field in (ReadOnlySpan<string?>)[detail.Person, detail.Patient, detail.Holder, detail.Gate]) text.Field(field);
        foreach (var list in (ReadOnlySpan<IReadOnlyList<string>>)[detail.Types, detail.Ids, detail.Policies])
        {
            text.Number(list.Count);
            foreach (var item in list) text.Field(item);
        }
    }

    /// <summary>Every field with its length before it, so that no two entries spell alike.</summary>
    private sealed class Text
    {
        private byte[] bytes = new byte[1024];
        private int length;

        public void Bytes(ReadOnlySpan<byte> more)
        {
            more.CopyTo(Room(more.Length));
            length += more.Length;
        }

        public void Number(long number)
        {
            BinaryPrimitives.WriteInt64LittleEndian(Room(8), number);
            length += 8;
        }

        public void Field(string? field)
        {
            var room = Room(4 + Encoding.UTF8.GetMaxByteCount(field?.Length ?? 0));
            var written = field is null ? 0 : Encoding.UTF8.GetBytes(field, room[4..]);
            BinaryPrimitives.WriteInt32LittleEndian(room, field is null ? -1 : written);
            length += 4 + written;
        }

        public byte[] Hash() => SHA256.HashData(bytes.AsSpan(0, length));

        private Span<byte> Room(int more)
        {
            if (length + more > bytes.Length) Array.Resize(ref bytes, Math.Max(2 * bytes.Length, length + more));
            return bytes.AsSpan(length);
        }
    }
}
