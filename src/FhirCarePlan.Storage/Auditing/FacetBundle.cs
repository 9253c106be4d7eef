using System.Buffers.Binary;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>Values met once or twice in a block, side by side in bundles small enough for a page: seven bytes for each place, 44 bits of
/// key and 12 of row, in order. A bundle is found by its first key; all places of a key are in one.</summary>
internal static class FacetBundle
{
    public const int MostRows = 2;
    private const int EntryBytes = 7, MostEntries = 270;

    /// <summary>The short form of a key here.</summary>
    public static long Short(ulong key) => (long)(key >> 20);

    public static IEnumerable<(long First, byte[] Entries)> Pack(IEnumerable<(ulong Key, int Row)> places)
    {
        var sorted = places.Select(p => (Key: Short(p.Key), p.Row)).OrderBy(p => p.Key).ThenBy(p => p.Row).ToList();
        for (int from = 0, to; from < sorted.Count; from = to)
        {
            to = Math.Min(from + MostEntries, sorted.Count);
            while (to < sorted.Count && to > from + 1 && sorted[to].Key == sorted[to - 1].Key) to--;
            var packed = new byte[(to - from) * EntryBytes];
            for (var i = from; i < to; i++) Write(packed.AsSpan((i - from) * EntryBytes), sorted[i].Key << 12 | (uint)sorted[i].Row);
            yield return (sorted[from].Key, packed);
        }
    }

    public static RowSet? Find(ReadOnlySpan<byte> packed, ulong key)
    {
        var wanted = Short(key);
        int low = 0, high = packed.Length / EntryBytes;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Read(packed[(middle * EntryBytes)..]) >> 12 < wanted) low = middle + 1;
            else high = middle;
        }
        RowSet? rows = null;
        for (; low < packed.Length / EntryBytes && Read(packed[(low * EntryBytes)..]) is var entry && entry >> 12 == wanted; low++)
            (rows ??= new RowSet()).Add((int)(entry & 0xfff));
        return rows;
    }

    private static void Write(Span<byte> to, long entry)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to, (uint)(entry >> 24));
        BinaryPrimitives.WriteUInt32BigEndian(to[3..], (uint)entry);
    }

    private static long Read(ReadOnlySpan<byte> from) =>
        (long)BinaryPrimitives.ReadUInt32BigEndian(from) << 24 | BinaryPrimitives.ReadUInt32BigEndian(from[3..]) & 0xffffff;
}
