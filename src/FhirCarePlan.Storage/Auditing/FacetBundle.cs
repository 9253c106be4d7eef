using System.Buffers.Binary;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>Values met a few times in a block, side by side in 64 bundles by the first bits of their keys: six bytes for each place, 36 bits of
/// key and 12 of row, in order.</summary>
internal static class FacetBundle
{
    public const int MostRows = 3;
    private const int EntryBytes = 6;

    public static int Of(ulong key) => (int)(key >> 58);

    public static byte[] Pack(IReadOnlyList<(ulong Key, int Row)> sorted)
    {
        var packed = new byte[sorted.Count * EntryBytes];
        for (var i = 0; i < sorted.Count; i++) Write(packed.AsSpan(i * EntryBytes), Entry(sorted[i].Key) | (uint)sorted[i].Row);
        return packed;
    }

    public static RowSet? Find(ReadOnlySpan<byte> packed, ulong key)
    {
        var wanted = Entry(key);
        int low = 0, high = packed.Length / EntryBytes;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Read(packed[(middle * EntryBytes)..]) < wanted) low = middle + 1;
            else high = middle;
        }
        RowSet? rows = null;
        for (; low < packed.Length / EntryBytes && Read(packed[(low * EntryBytes)..]) is var entry && entry >> 12 == wanted >> 12; low++)
            (rows ??= new RowSet()).Add((int)(entry & 0xfff));
        return rows;
    }

    private static ulong Entry(ulong key) => (key << 6) >> 28 << 12;

    private static void Write(Span<byte> to, ulong entry)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to, (uint)(entry >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(to[4..], (ushort)entry);
    }

    private static ulong Read(ReadOnlySpan<byte> from) => (ulong)BinaryPrimitives.ReadUInt32BigEndian(from) << 16 | BinaryPrimitives.ReadUInt16BigEndian(from[4..]);
}
