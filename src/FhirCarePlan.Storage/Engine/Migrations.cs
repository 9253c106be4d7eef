using System.Security.Cryptography;
using System.Text;

namespace FhirCarePlan.Storage.Engine;

/// <summary>Brings the schema up to date: `Migrations/NNN-name.sql`, forward only, in order of their names, all in one transaction that
/// holds the write lock, each recorded with the hash of its text.</summary>
internal static class Migrations
{
    /// <param name="engine">The folder of the engine.</param>
    public static void Apply(Connection connection, string engine)
    {
        connection.BeginSchema();
        try
        {
            connection.Execute("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL)");
            var applied = Applied(connection);
            foreach (var (name, sql) in All(engine))
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
            connection.Commit();
        }
        catch
        {
            if (connection.IsInTransaction) connection.RollBack();
            throw;
        }
    }

    private static Dictionary<string, string> Applied(Connection connection)
    {
        var applied = new Dictionary<string, string>();
        using var rows = connection.Use("SELECT name, sha256 FROM migration");
        while (rows.Step()) applied.Add(rows.Text(0), rows.Text(1));
        return applied;
    }

    private static IEnumerable<(string Name, string Sql)> All(string engine)
    {
        var (assembly, folder) = (typeof(Migrations).Assembly, $".{engine}.Migrations.");
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.Contains(folder) && name.EndsWith(".sql"))
            .Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            // A checkout may change the line ends; the migration is still the same.
            yield return (resource[(resource.IndexOf(folder, StringComparison.Ordinal) + folder.Length)..^4], reader.ReadToEnd()
                .ReplaceLineEndings("\n"));
        }
    }
}
