using FhirCarePlan.Server.Settings;
using FhirCarePlan.Storage.Copying;
using FhirCarePlan.Storage.Postgres;
using FhirCarePlan.Storage.Sqlite;

namespace FhirCarePlan.Server.Commands;

/// <summary>`backup FOLDER` copies the store while the server runs; `restore FOLDER` puts a copy where there is no database; `migrate` brings
/// the schema up to date. All take the server's settings and the ledger's key. src/docs/operations.md#backup</summary>
public static class CopyCommands
{
    public static int Backup(string folder, string[] settings) => StoreCommand.Run(settings, (storage, key) =>
    {
        var full = Full(folder);
        return Say("Copied", storage.Engine == StorageEngine.Postgres ? PostgresBackup.Take(storage.ConnectionString, key, full)
            : FileBackup.Take(storage.ConnectionString, key, full), $"to {full}. Keep the ledger's key apart from it");
    });

    public static int Restore(string folder, string[] settings) => StoreCommand.Run(settings, (storage, key) =>
    {
        var full = Full(folder);
        return Say("Restored", storage.Engine == StorageEngine.Postgres ? PostgresBackup.Restore(full, storage.ConnectionString, key)
            : FileBackup.Restore(full, storage.ConnectionString, key), $"from {full}. Run `check`, and `audit verify --receipt` with the newest receipt, before you start the server");
    });

    public static int Migrate(string[] settings) => StoreCommand.Run(settings, (storage, key) =>
    {
        if (storage.Folder is { } folder) Directory.CreateDirectory(folder);
        var store = storage.Engine == StorageEngine.Postgres ? (Storage.DatabaseStore)new PostgresStore(storage.ConnectionString, key, TimeProvider.System)
            : new SqliteStore(storage.ConnectionString, key);
        try
        {
            Console.WriteLine(store.Migrated is { Count: > 0 } names ? $"Applied {string.Join(", ", names)}" : "The schema is up to date");
            return StoreCommand.Done;
        }
        finally
        {
            store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    });

    private static int Say(string what, BackupManifest manifest, string where)
    {
        Console.WriteLine($"{what} {manifest.Files.Sum(f => f.Length)} bytes and {manifest.Ledger.Rows} rows of the ledger {where}");
        return StoreCommand.Done;
    }

    /// <summary>As typed in the shell that started the program.</summary>
    private static string Full(string folder) => Path.GetFullPath(folder,
        Environment.GetEnvironmentVariable("PWD") is { Length: > 0 } shell && Path.IsPathFullyQualified(shell) ? shell : Directory.GetCurrentDirectory());
}
