using FhirCarePlan.Storage.Auditing;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Postgres;
using Npgsql;

namespace FhirCarePlan.Storage.Copying;

/// <summary>Copies every table of a PostgreSQL store out of one snapshot, while servers write to it, and back into an empty database. Our own
/// copy and not `pg_dump`: it needs no second program of the server's version, and a restore checks the ledger with its key before it
/// commits. https://www.postgresql.org/docs/15/sql-copy.html</summary>
public static class PostgresBackup
{
    private const string Engine = "Postgres";

    /// <summary>Tables in which PostgreSQL itself numbers rows.</summary>
    private static readonly string[] Numbered = ["consent_class"];

    /// <param name="folder">Not there yet, or empty.</param>
    /// <exception cref="LedgerKeyException">The ledger was begun with another key.</exception>
    public static BackupManifest Take(string connectionString, LedgerKey key, string folder)
    {
        BackupManifest.Begin(folder);
        using var session = new NpgsqlConnection(connectionString);
        using var connection = PostgresConnection.Open(session, new Trips());
        connection.BeginRead();
        LedgerStart.CheckKey(connection, key);
        var files = new List<BackupFile>();
        foreach (var table in Tables(connection))
        {
            using (var file = new FileStream(Path.Combine(folder, table), FileMode.CreateNew))
            {
                using (var rows = session.BeginRawBinaryCopy($"COPY {table} TO STDOUT (FORMAT BINARY)")) rows.CopyTo(file);
                file.Flush(flushToDisk: true);
            }
            files.Add(BackupFile.Of(folder, table));
        }
        var manifest = new BackupManifest(Engine, Migrations.Known(connection), files,
            LedgerHead.Sign(connection, key, new(Directory.GetCreationTimeUtc(folder), TimeSpan.Zero)));
        connection.RollBack();
        manifest.Write(folder);
        return manifest;
    }

    /// <summary>Into an empty database, as one transaction.</summary>
    /// <exception cref="StoreRefusedException">The database is not empty, or the backup is not whole.</exception>
    public static BackupManifest Restore(string folder, string connectionString, LedgerKey key)
    {
        var manifest = BackupManifest.Read(folder, Engine);
        using var session = new NpgsqlConnection(connectionString);
        using var connection = PostgresConnection.Open(session, new Trips());
        connection.BeginSchema();
        if (Tables(connection).Count > 0) throw new StoreRefusedException("The database is not empty: make a new one (`CREATE DATABASE`) and name it in Storage:ConnectionString");
        Migrations.ApplyInside(connection, Engine, manifest.Migrations);
        var tables = Tables(connection);
        connection.Execute($"TRUNCATE {string.Join(", ", tables)}");
        foreach (var file in manifest.Files)
        {
            if (!tables.Contains(file.Name)) throw new StoreRefusedException($"The backup has a table `{file.Name}` that this program does not know");
            using var rows = session.BeginRawBinaryCopy($"COPY {file.Name} FROM STDIN (FORMAT BINARY)");
            using (var source = File.OpenRead(Path.Combine(folder, file.Name))) source.CopyTo(rows);
        }
        foreach (var table in Numbered)
            connection.Execute($"SELECT setval(pg_get_serial_sequence('{table}', 'no'), (SELECT greatest(max(no), 1) FROM {table}))");
        LedgerStart.CheckKey(connection, key);
        if (!new LedgerVerification(connection, key, manifest.Ledger).Verify().IsIntact)
            throw new StoreRefusedException("The ledger in the backup is not intact; take another backup, and keep this one for the governance lead");
        connection.Commit();
        return manifest;
    }

    private static List<string> Tables(PostgresConnection connection)
    {
        var tables = new List<string>();
        using var rows = connection.Use("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename");
        while (rows.Step()) tables.Add(rows.Text(0));
        return tables;
    }
}
