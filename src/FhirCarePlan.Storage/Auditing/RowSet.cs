using System.Buffers.Binary;
using System.Numerics;

namespace FhirCarePlan.Storage.Auditing;

/// <summary>Some of the 4096 rows of a block.</summary>
internal sealed class RowSet
{
    public const int Rows = 4096;
    private const int BitmapBytes = Rows / 8;

    private readonly ulong[] words = new ulong[Rows / 64];

    public static RowSet All()
    {
        var all = new RowSet();
        Array.Fill(all.words, ulong.MaxValue);
        return all;
    }

    public static RowSet Of(IEnumerable<int> rows)
    {
        var set = new RowSet();
        foreach (var row in rows) set.Add(row);
        return set;
    }

    public void Add(int row) => words[row >> 6] |= 1UL << (row & 63);
    public void Remove(int row) => words[row >> 6] &= ~(1UL << (row & 63));
    public bool Has(int row) => (words[row >> 6] >> (row & 63) & 1) != 0;

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in words) count += BitOperations.PopCount(word);
            return count;
        }
    }

    public bool IsEmpty => Array.TrueForAll(words, word => word == 0);

    public RowSet And(RowSet? other)
    {
        for (var i = 0; i < words.Length; i++) words[i] &= other?.words[i] ?? 0;
        return this;
    }

    public RowSet Or(RowSet? other)
    {
        for (var i = 0; other is not null && i < words.Length; i++) words[i] |= other.words[i];
        return this;
    }

    public RowSet Without(RowSet? other)
    {
        for (var i = 0; other is not null && i < words.Length; i++) words[i] &= ~other.words[i];
        return this;
    }

    /// <summary>Only rows from `first` to `last`, both included.</summary>
    public RowSet Within(long first, long last)
    {
        for (var row = 0; row < Rows; row++)
            if (row < first || row > last) Remove(row);
        return this;
    }

    public RowSet Copy() => new RowSet().Or(this);

    public IEnumerable<int> InOrder(bool isAscending)
    {
        for (var i = 0; i < Rows; i++)
        {
            var row = isAscending ? i : Rows - 1 - i;
            if (words[row >> 6] == 0) i |= 63;
            else if (Has(row)) yield return row;
        }
    }

    /// <summary>Nothing for all rows, a zero for none, the differences of ascending rows in as many bytes as they need, or a bit for each
    /// row.</summary>
    public byte[] Pack()
    {
        if (Count == Rows) return [];
        if (IsEmpty) return [0];
        var packed = new CompactWriter();
        var before = -1;
        foreach (var row in InOrder(isAscending: true))
        {
            packed.Number(row - before);
            before = row;
        }
        if (packed.Written.Length < BitmapBytes) return packed.Written.ToArray();
        var bitmap = new byte[BitmapBytes];
        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(bitmap.AsSpan(8 * i), words[i]);
        return bitmap;
    }

    public static RowSet Unpack(ReadOnlySpan<byte> packed)
    {
        if (packed.IsEmpty) return All();
        var set = new RowSet();
        if (packed.Length == BitmapBytes)
        {
            for (var i = 0; i < set.words.Length; i++) set.words[i] = BinaryPrimitives.ReadUInt64LittleEndian(packed[(8 * i)..]);
            return set;
        }
        if (packed is [0]) return set;
        var from = new CompactReader(packed);
        var row = -1;
        while (!from.IsAtEnd) set.Add(row += (int)from.Number());
        return set;
    }
}
