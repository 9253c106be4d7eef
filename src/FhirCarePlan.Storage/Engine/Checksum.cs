using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace FhirCarePlan.Storage.Engine;

/// <summary>A number over everything of a stored version that an answer is made of: a read compares it, so that a disk's mistake is an error
/// and never an answer. It guards against accidents; against people who can write the database the ledger's key does.
/// https://xxhash.com/</summary>
internal static class Checksum
{
    private const int OnStack = 1024, Numbers = 8 * sizeof(long);

    /// <param name="changes">As they are stored.</param>
    public static long Of(StoredVersion version, IReadOnlyList<long> changes)
    {
        var most = Numbers + changes.Count * sizeof(long)
            + 3 * (version.Type.Length + version.Id.Length + version.Holder.Length + version.VersionId.Length + version.Method.Length + 5);
        Span<byte> all = most <= OnStack ? stackalloc byte[OnStack] : new byte[most];
        var at = 0;
        Add(all, ref at, (long)XxHash3.HashToUInt64(version.Content));
        Add(all, ref at, (long)XxHash3.HashToUInt64(version.LabelBytes));
        Add(all, ref at, version.LastUpdated.UtcTicks);
        Add(all, ref at, version.ContentDate?.UtcTicks ?? -1);
        Add(all, ref at, version.RootMask);
        Add(all, ref at, version.ChangeMask);
        Add(all, ref at, version.IsDeleted ? 1 : 0);
        Add(all, ref at, changes.Count);
        for (var i = 0; i < changes.Count; i++) Add(all, ref at, changes[i]);
        Add(all, ref at, version.Type);
        Add(all, ref at, version.Id);
        Add(all, ref at, version.Holder);
        Add(all, ref at, version.VersionId);
        Add(all, ref at, version.Method);
        return (long)XxHash3.HashToUInt64(all[..at]);
    }

    private static void Add(Span<byte> all, ref int at, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(all[at..], number);
        at += sizeof(long);
    }

    private static void Add(Span<byte> all, ref int at, string text)
    {
        at += Encoding.UTF8.GetBytes(text, all[at..]);
        all[at++] = 0;
    }
}
