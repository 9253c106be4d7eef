using System.Buffers.Binary;
using System.Text;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>Numbers, texts and ids in few bytes. An id is stored in its most likely form: 26 characters of our own alphabet in 17 bytes, 32
/// hexadecimal ones in 16, anything else unchanged.</summary>
internal sealed class CompactWriter
{
    private byte[] bytes = new byte[256];
    private int length;

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, length);

    public void Byte(byte value) => Room(1)[0] = value;

    public void Number(long value)
    {
        var rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7) Byte((byte)(rest | 0x80));
        Byte((byte)rest);
    }

    public void Ticks(long value) => BinaryPrimitives.WriteInt64LittleEndian(Room(8), value);

    /// <summary>Length and kind in one number: `length * 4 + kind`.</summary>
    public void Id(string id)
    {
        Span<byte> packed = stackalloc byte[PackedId.MostBytes];
        if (PackedId.TryPack(id, packed, out var count, out var kind))
        {
            Number(count * 4 + kind);
            packed[..count].CopyTo(Room(count));
            return;
        }
        count = Encoding.UTF8.GetByteCount(id);
        Number(count * 4L);
        Encoding.UTF8.GetBytes(id, Room(count));
    }

    private Span<byte> Room(int count)
    {
        if (length + count > bytes.Length) Array.Resize(ref bytes, Math.Max(2 * bytes.Length, length + count));
        length += count;
        return bytes.AsSpan(length - count, count);
    }
}

internal ref struct CompactReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public readonly bool IsAtEnd => rest.IsEmpty;

    public byte Byte()
    {
        var value = rest[0];
        rest = rest[1..];
        return value;
    }

    public long Number()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return (long)value;
        }
    }

    public long Ticks()
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(rest);
        rest = rest[8..];
        return value;
    }

    public string Id()
    {
        var head = Number();
        var count = (int)(head / 4);
        var bytes = rest[..count];
        rest = rest[count..];
        return (head & 3) == 0 ? Encoding.UTF8.GetString(bytes) : PackedId.Unpack(bytes, (int)(head & 3));
    }
}

internal static class PackedId
{
    public const int MostBytes = 17;
    private const int Random = 1, Hex = 2;
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz", HexDigits = "0123456789abcdef";

    public static bool TryPack(ReadOnlySpan<char> id, Span<byte> to, out int count, out int kind)
    {
        (kind, count) = id.Length switch { 26 => (Random, 17), 32 => (Hex, 16), _ => (0, 0) };
        if (kind == 0) return false;
        var (alphabet, width) = kind == Random ? (Alphabet, 5) : (HexDigits, 4);
        to[..count].Clear();
        for (var i = 0; i < id.Length; i++)
        {
            var digit = alphabet.IndexOf(id[i], StringComparison.Ordinal);
            if (digit < 0) return false;
            for (var bit = 0; bit < width; bit++)
                if ((digit >> (width - 1 - bit) & 1) != 0) to[(i * width + bit) / 8] |= (byte)(0x80 >> ((i * width + bit) & 7));
        }
        return true;
    }

    public static string Unpack(ReadOnlySpan<byte> bytes, int kind)
    {
        var (alphabet, width, length) = kind == Random ? (Alphabet, 5, 26) : (HexDigits, 4, 32);
        Span<char> id = stackalloc char[length];
        for (var i = 0; i < length; i++)
        {
            var digit = 0;
            for (var bit = i * width; bit < (i + 1) * width; bit++) digit = digit << 1 | (bytes[bit / 8] >> (7 - (bit & 7)) & 1);
            id[i] = alphabet[digit];
        }
        return new string(id);
    }
}
