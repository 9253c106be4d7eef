using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>The ledger's secret, kept outside the database, and the keys derived from it: somebody with the database alone can neither
/// continue the chain nor make it anew. https://www.rfc-editor.org/rfc/rfc2104</summary>
public sealed class LedgerKey
{
    public const int Length = 32;

    private readonly byte[] chain, receipt, index, overflow;

    /// <param name="secret">At least `Length` random bytes.</param>
    public LedgerKey(byte[] secret)
    {
        if (secret.Length < Length)
            throw new ArgumentException($"The key of the ledger has {secret.Length} bytes; it must have at least {Length}", nameof(secret));
        (chain, receipt, index) = (Derive(secret, "ledger chain"), Derive(secret, "ledger receipt"), Derive(secret, "ledger index"));
        overflow = Derive(secret, "ledger overflow");
        Mark = Convert.ToHexStringLower(Derive(secret, "ledger mark").AsSpan(0, 16));
    }

    /// <summary>Tells which key a database was begun with, and nothing about the key.</summary>
    public string Mark { get; }

    /// <summary>state = HMAC(state before || commitment).</summary>
    internal void Link(Span<byte> state, ReadOnlySpan<byte> commitment)
    {
        Span<byte> both = stackalloc byte[2 * SHA256.HashSizeInBytes];
        state.CopyTo(both);
        commitment.CopyTo(both[SHA256.HashSizeInBytes..]);
        HMACSHA256.HashData(chain, both, state);
    }

    internal string Sign(long rows, string head, DateTimeOffset at) => Convert.ToHexStringLower(
        HMACSHA256.HashData(receipt,
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{rows}\n{head}\n{at.UtcTicks}"))));

    internal byte[] SignOverflow(long generation, long number, ReadOnlySpan<byte> row)
    {
        var signed = new byte[2 * sizeof(long) + row.Length];
        BinaryPrimitives.WriteInt64LittleEndian(signed, generation);
        BinaryPrimitives.WriteInt64LittleEndian(signed.AsSpan(sizeof(long)), number);
        row.CopyTo(signed.AsSpan(2 * sizeof(long)));
        return HMACSHA256.HashData(overflow, signed);
    }

    internal bool HasSigned(LedgerReceipt given) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(Sign(given.Rows, given.Head, given.At)), Encoding.UTF8.GetBytes(given.Signature));

    /// <summary>The index's short form of a value: keyed, so that what erasure leaves in other blocks gives nothing away.</summary>
    internal ulong IndexKey(ReadOnlySpan<char> facet, ReadOnlySpan<char> value)
    {
        Span<byte> text = stackalloc byte[1024], hash = stackalloc byte[SHA256.HashSizeInBytes];
        var length = Encoding.UTF8.GetMaxByteCount(facet.Length + 1 + value.Length);
        if (length > text.Length) text = new byte[length];
        var at = Encoding.UTF8.GetBytes(facet, text);
        text[at++] = 0;
        at += Encoding.UTF8.GetBytes(value, text[at..]);
        HMACSHA256.HashData(index, text[..at], hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    private static byte[] Derive(byte[] secret, string info) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, Length, info: Encoding.UTF8.GetBytes(info));
}
