using System.Buffers.Binary;

namespace FhirCarePlan.Storage.Writing;

/// <summary>The masks under which a version changed, as stored.</summary>
internal static class ChangeMasks
{
    /// <summary>A mask that no caller is permitted: the version changed for nobody.</summary>
    public const long Nobody = -1;

    /// <summary>Without masks that contain another one: a caller who sees the larger sees the smaller.</summary>
    public static long[] Smallest(IReadOnlyList<long> masks)
    {
        if (masks.Count <= 1) return [.. masks];
        var smallest = new List<long>(masks.Count);
        foreach (var mask in masks)
        {
            if (smallest.Exists(other => (other & ~mask) == 0)) continue;
            smallest.RemoveAll(other => (mask & ~other) == 0);
            smallest.Add(mask);
        }
        return [.. smallest];
    }

    public static byte[] Pack(long[] masks)
    {
        if (masks.Length == 0) return [];
        var bytes = new byte[masks.Length * sizeof(long)];
        for (var i = 0; i < masks.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), masks[i]);
        return bytes;
    }

    public static long[] Unpack(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return [];
        var masks = new long[bytes.Length / sizeof(long)];
        for (var i = 0; i < masks.Length; i++) masks[i] = BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * sizeof(long))..]);
        return masks;
    }

    /// <summary>Whether a caller permitted `permitted` sees that something changed.</summary>
    public static bool IsSeenBy(IReadOnlyList<long> masks, long permitted)
    {
        for (var i = 0; i < masks.Count; i++)
            if ((masks[i] & ~permitted) == 0) return true;
        return false;
    }
}
