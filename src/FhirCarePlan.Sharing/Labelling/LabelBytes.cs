using System.Buffers.Binary;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Sharing.Labelling;

/// <summary>The labels of a stored body as bytes: a table of the masks that occur, then the mask of each node in runs, then where the body
/// can be cut. Numbers are 7-bit groups, low first. Shape: version 1 | needs-tree | masks: count, 8 bytes each | nodes: length in bytes,
/// (mask, run)… | cuts: (kind, start - last start, length[, mask][, part])…</summary>
public static class LabelBytes
{
    private const byte Format = 1;

    /// <summary>Packs the labels for the canonical body that was written from the document (perhaps with another `id` or `meta`).</summary>
    public static byte[] Pack(Document document, Labels labels, ReadOnlySpan<byte> body) => Pack(BodyScan.Run(body, document, labels));

    internal static byte[] Pack(CutList cuts)
    {
        var table = new List<long>();
        var writer = new NumberWriter();
        foreach (var (mask, count) in cuts.Nodes)
        {
            writer.Add(IndexOf(table, mask));
            writer.Add(count);
        }
        var nodes = writer.Length;
        var start = 0;
        foreach (var entry in cuts.Entries)
        {
            writer.Add(entry.Kind);
            writer.Add(entry.Start - start);
            writer.Add(entry.Length);
            if (entry.Kind is CutList.Cut or CutList.MetaPart) writer.Add(IndexOf(table, entry.Mask));
            if (entry.Kind == CutList.MetaPart) writer.Add((int)entry.Part);
            start = entry.Start;
        }
        return Join(table, cuts.NeedsTree, writer.Written, nodes);
    }

    private static byte[] Join(List<long> table, bool needsTree, ReadOnlySpan<byte> numbers, int nodes)
    {
        var head = new NumberWriter();
        head.Add(Format);
        head.Add(needsTree ? 1 : 0);
        head.Add(table.Count);
        var size = new NumberWriter();
        size.Add(nodes);
        var bytes = new byte[head.Length + 8 * table.Count + size.Length + numbers.Length];
        head.Written.CopyTo(bytes);
        var at = head.Length;
        foreach (var mask in table)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), mask);
            at += 8;
        }
        size.Written.CopyTo(bytes.AsSpan(at));
        numbers.CopyTo(bytes.AsSpan(at + size.Length));
        return bytes;
    }

    private static int IndexOf(List<long> table, long mask)
    {
        var index = table.IndexOf(mask);
        if (index >= 0) return index;
        table.Add(mask);
        return table.Count - 1;
    }

    /// <summary>The mask of each node of the parsed body.</summary>
    /// <summary>The categories of everything that who is permitted this gets to see.</summary>
    public static long Shown(ReadOnlySpan<byte> bytes, long permitted)
    {
        if (bytes.IsEmpty) return 0;
        var reader = new LabelReader(bytes);
        long shown = 0;
        for (var i = 0; i < reader.MaskCount; i++)
            if ((reader.Mask(i) & ~permitted) == 0) shown |= reader.Mask(i);
        return shown;
    }

    public static long[] Unpack(ReadOnlySpan<byte> bytes)
    {
        var reader = new LabelReader(bytes);
        var masks = new List<long>();
        var runs = new NumberReader(reader.Nodes);
        while (!runs.IsAtEnd)
        {
            var mask = reader.Mask(runs.Next());
            for (var left = runs.Next(); left > 0; left--) masks.Add(mask);
        }
        return [.. masks];
    }
}

/// <summary>The parts of packed labels, read in place.</summary>
internal readonly ref struct LabelReader
{
    private readonly ReadOnlySpan<byte> masks;

    public LabelReader(ReadOnlySpan<byte> bytes)
    {
        var numbers = new NumberReader(bytes);
        if (numbers.Next() != 1) throw new InvalidOperationException("These labels are of an unknown format");
        NeedsTree = numbers.Next() == 1;
        MaskCount = numbers.Next();
        masks = numbers.Take(8 * MaskCount);
        Nodes = numbers.Take(numbers.Next());
        Cuts = numbers.Rest;
    }

    public bool NeedsTree { get; }
    public int MaskCount { get; }
    public ReadOnlySpan<byte> Nodes { get; }
    public ReadOnlySpan<byte> Cuts { get; }

    public long Mask(int index) => BinaryPrimitives.ReadInt64LittleEndian(masks[(8 * index)..]);

    /// <summary>Labels of the resource itself.</summary>
    public long Root => Mask(new NumberReader(Nodes).Next());

    public bool HidesAny(long permitted)
    {
        for (var i = 0; i < MaskCount; i++)
            if ((Mask(i) & ~permitted) != 0) return true;
        return false;
    }
}

/// <summary>Whole numbers in 7-bit groups.</summary>
internal sealed class NumberWriter
{
    private byte[] bytes = new byte[256];

    public int Length { get; private set; }
    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Add(int number)
    {
        if (Length + 5 > bytes.Length) Array.Resize(ref bytes, bytes.Length * 2);
        var rest = (uint)number;
        for (; rest >= 0x80; rest >>= 7) bytes[Length++] = (byte)(rest | 0x80);
        bytes[Length++] = (byte)rest;
    }
}

internal ref struct NumberReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public readonly bool IsAtEnd => rest.IsEmpty;
    public readonly ReadOnlySpan<byte> Rest => rest;

    public int Next()
    {
        var number = 0u;
        for (var i = 0; ; i++)
        {
            number |= (uint)(rest[i] & 0x7F) << (7 * i);
            if (rest[i] >= 0x80) continue;
            rest = rest[(i + 1)..];
            return (int)number;
        }
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
