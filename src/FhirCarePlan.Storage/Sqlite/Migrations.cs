using FhirCarePlan.Storage.Engine;
using System.Security.Cryptography;
using System.Text;

namespace FhirCarePlan.Storage.Sqlite;

/// <summary>Brings the schema up to date: `Migrations/NNN-name.sql`, forward only, in order of their names, all in one transaction that
/// holds the write lock, each recorded with the hash of its text.</summary>
internal static class Migrations
{
    private const string Folder = ".Migrations.";

    public static void Apply(SqliteConnection connection)
    {
        connection.Execute("BEGIN EXCLUSIVE");
        try
        {
            connection.Execute("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) WITHOUT ROWID");
            var applied = Applied(connection);
            foreach (var (name, sql) in All())
            {
                var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
                if (applied.Remove(name, out var before))
                {
                    if (before != hash)
                        throw new InvalidOperationException($"The database was made with another text of migration `{name}`: migrations go forward only.");
                    continue;
                }
                connection.Execute(sql);
                connection.Use("INSERT INTO migration (name, sha256) VALUES (?1, ?2)").Bind(1, name).Bind(2, hash).Run();
            }
            if (applied.Count > 0)
                throw new InvalidOperationException($"The database has migrations this program does not know (`{applied.Keys.Max()}`): it was made by a later one.");
            connection.Execute("COMMIT");
        }
        catch
        {
            if (connection.IsInTransaction) connection.Execute("ROLLBACK");
            throw;
        }
    }

    private static Dictionary<string, string> Applied(SqliteConnection connection)
    {
        var applied = new Dictionary<string, string>();
        using var rows = connection.Use("SELECT name, sha256 FROM migration");
        while (rows.Step()) applied.Add(rows.Text(0), rows.Text(1));
        return applied;
    }

    private static IEnumerable<(string Name, string Sql)> All()
    {
        var assembly = typeof(Migrations).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.Contains(Folder) && name.EndsWith(".sql"))
            .Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            // A checkout may change the line ends; the migration is still the same.
            yield return (resource[(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..^4], reader.ReadToEnd()
                .ReplaceLineEndings("\n"));
        }
    }
}
