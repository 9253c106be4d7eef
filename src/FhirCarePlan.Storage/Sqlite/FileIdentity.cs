using System.Runtime.InteropServices;

namespace FhirCarePlan.Storage.Sqlite;

/// <summary>Which file a path leads to: device and inode. A file that was deleted or replaced under us is still open, and takes writes that
/// nobody will ever read. https://man7.org/linux/man-pages/man2/statx.2.html</summary>
internal readonly record struct FileIdentity(long Device, long Inode)
{
    private const int AtCurrentFolder = -100, WantsInode = 0x100, Size = 256, InodeAt = 32, DeviceAt = 136;

    /// <summary>Null when there is no such file. Where the system does not tell (Windows keeps open files in place), all files are one.</summary>
    public static FileIdentity? Of(string path)
    {
        if (!OperatingSystem.IsLinux()) return File.Exists(path) ? new(0, 0) : null;
        Span<byte> found = stackalloc byte[Size];
        return Statx(AtCurrentFolder, path, 0, WantsInode, ref MemoryMarshal.GetReference(found)) != 0 ? null
            : new(BitConverter.ToInt64(found[DeviceAt..]), BitConverter.ToInt64(found[InodeAt..]));
    }

    [DllImport("libc", EntryPoint = "statx")]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, ref byte found);
}
