using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Sqlite;

namespace FhirCarePlan.Storage.Copying;

/// <summary>Copies an SQLite store while a server writes to it, and puts a copy in place. https://sqlite.org/backup.html</summary>
public static class FileBackup
{
    private const string Engine = "Sqlite", Database = "care.db", Overflow = "care.db-ledger";

    /// <param name="folder">Not there yet, or empty.</param>
    /// <exception cref="LedgerKeyException">The ledger was begun with another key.</exception>
    public static BackupManifest Take(string connectionString, LedgerKey key, string folder)
    {
        var path = SqliteStore.PathOf(connectionString);
        BackupManifest.Begin(folder);
        using (var source = SqliteConnection.OpenReader(path))
        {
            HoldOneState(path, source, () => CopyFile(path + "-ledger", Path.Combine(folder, Overflow)));
            LedgerStart.CheckKey(source, key);
            source.CopyTo(Path.Combine(folder, Database));
        }
        Flush(Path.Combine(folder, Database));
        var manifest = Describe(folder, key);
        DeleteBeside(Path.Combine(folder, Database));
        manifest.Write(folder);
        return manifest;
    }

    private static BackupManifest Describe(string folder, LedgerKey key)
    {
        using var copy = SqliteConnection.OpenReader(Path.Combine(folder, Database));
        copy.BeginRead();
        var manifest = new BackupManifest(Engine, Migrations.Known(copy), [BackupFile.Of(folder, Database), BackupFile.Of(folder, Overflow)],
            LedgerHead.Sign(copy, key, new(Directory.GetCreationTimeUtc(folder), TimeSpan.Zero)));
        copy.RollBack();
        return manifest;
    }

    /// <summary>Files that a reader made and that hold nothing.</summary>
    private static void DeleteBeside(string file)
    {
        foreach (var ending in (string[])["-wal", "-shm"]) File.Delete(file + ending);
    }

    /// <summary>The ledger rows beside the database and the database belong to one moment: the writer is kept waiting while the rows are
    /// copied and the snapshot begins, a few milliseconds.</summary>
    private static void HoldOneState(string path, SqliteConnection source, Action copyOverflow)
    {
        using var writer = SqliteConnection.OpenWriter(path);
        // A large transaction of the server comes first.
        writer.Execute("PRAGMA busy_timeout = 60000");
        writer.BeginWrite();
        copyOverflow();
        source.BeginRead();
        using (var first = source.Use("SELECT 1 FROM ledger_head")) first.Step();
        writer.RollBack();
    }

    /// <summary>Puts a backup where the settings say that the database is. Nothing is overwritten.</summary>
    /// <exception cref="StoreRefusedException">There is a database already, or the backup is not whole.</exception>
    public static BackupManifest Restore(string folder, string connectionString, LedgerKey key)
    {
        var path = SqliteStore.PathOf(connectionString);
        foreach (var ending in (string[])["", "-wal", "-ledger"])
            if (new FileInfo(path + ending) is { Exists: true, Length: > 0 })
                throw new StoreRefusedException($"There is a database already: stop the server and move {path}{ending} away first");
        var manifest = BackupManifest.Read(folder, Engine);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var draft = path + ".restoring";
        CopyFile(Path.Combine(folder, Database), draft);
        Verify(draft, key, manifest);
        DeleteBeside(draft);
        CopyFile(Path.Combine(folder, Overflow), path + "-ledger");
        DeleteBeside(path);
        File.Move(draft, path, overwrite: true);
        return manifest;
    }

    private static void Verify(string file, LedgerKey key, BackupManifest manifest)
    {
        try
        {
            using var copy = SqliteConnection.OpenReader(file);
            copy.BeginRead();
            LedgerStart.CheckKey(copy, key);
            if (!new LedgerVerification(copy, key, manifest.Ledger).Verify().IsIntact)
                throw new StoreRefusedException("The ledger in the backup is not intact; take another backup, and keep this one for the governance lead");
            copy.RollBack();
        }
        catch
        {
            File.Delete(file);
            throw;
        }
    }

    private static void CopyFile(string from, string to)
    {
        using var target = new FileStream(to, FileMode.Create, FileAccess.Write);
        if (File.Exists(from))
        {
            using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            source.CopyTo(target);
        }
        target.Flush(flushToDisk: true);
    }

    private static void Flush(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }
}
