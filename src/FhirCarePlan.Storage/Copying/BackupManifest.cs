using System.Security.Cryptography;
using System.Text.Json;

namespace FhirCarePlan.Storage.Copying;

/// <summary>What a backup holds (`manifest.json`): the engine, the schema, each file with its length and SHA-256, and a receipt of the ledger,
/// which only its key can give. The key itself is not in a backup.</summary>
/// <param name="Migrations">Name → hash of its text.</param>
public sealed record BackupManifest(string Engine, IReadOnlyDictionary<string, string> Migrations, IReadOnlyList<BackupFile> Files, LedgerReceipt Ledger)
{
    private const string Name = "manifest.json";
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true };

    /// <summary>Written last: a folder without it is no backup.</summary>
    internal void Write(string folder)
    {
        using var file = new FileStream(Path.Combine(folder, Name), FileMode.CreateNew);
        JsonSerializer.Serialize(file, this, Layout);
        file.Flush(flushToDisk: true);
    }

    /// <exception cref="StoreRefusedException">This is no backup, or a file of it is not as it was written.</exception>
    internal static BackupManifest Read(string folder, string engine)
    {
        var manifest = Read(Path.Combine(folder, Name));
        if (manifest.Engine != engine) throw new StoreRefusedException($"The backup is of {manifest.Engine}, and the setting Storage:Engine is {engine}");
        foreach (var file in manifest.Files)
            if (!file.IsWhole(folder)) throw new StoreRefusedException($"The file {file.Name} of the backup is not as it was written; take another backup");
        return manifest;
    }

    private static BackupManifest Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<BackupManifest>(File.ReadAllBytes(file)) ?? throw new JsonException();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new StoreRefusedException($"There is no complete backup in {Path.GetDirectoryName(file)}");
        }
    }

    /// <summary>Makes the folder for a new backup.</summary>
    /// <exception cref="StoreRefusedException">There is something in it.</exception>
    internal static void Begin(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any() || File.Exists(folder))
            throw new StoreRefusedException($"{folder} is not empty; name a folder that is not there yet");
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

public sealed record BackupFile(string Name, long Length, string Sha256)
{
    internal static BackupFile Of(string folder, string name)
    {
        using var file = File.OpenRead(Path.Combine(folder, name));
        return new(name, file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    internal bool IsWhole(string folder)
    {
        // A manifest that somebody else wrote leads to no other folder.
        return Path.GetFileName(Name) == Name && File.Exists(Path.Combine(folder, Name)) && Of(folder, Name) == this;
    }
}
