using System.Security.Cryptography;
using System.Text;

namespace FhirCarePlan.Storage.Engine;

/// <summary>Brings the schema up to date: `Migrations/NNN-name.sql`, forward only, in order of their names, all in one transaction that
/// holds the write lock, each recorded with the hash of its text.</summary>
internal static class Migrations
{
    /// <param name="engine">The folder of the engine.</param>
    /// <returns>Those that were applied now.</returns>
    /// <exception cref="StoreRefusedException">The schema is another program's.</exception>
    public static IReadOnlyList<string> Apply(Connection connection, string engine)
    {
        connection.BeginSchema();
        try
        {
            connection.Execute(Table);
            var missing = Missing(Applied(connection), engine);
            Apply(connection, missing);
            connection.Commit();
            return missing.ConvertAll(m => m.Name);
        }
        catch
        {
            if (connection.IsInTransaction) connection.RollBack();
            throw;
        }
    }

    private const string Table = "CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL)";

    private static void Apply(Connection connection, List<(string Name, string Sql)> missing)
    {
        foreach (var (name, sql) in missing)
        {
            connection.Execute(sql);
            connection.Use("INSERT INTO migration (name, sha256) VALUES (?1, ?2)").Bind(1, name).Bind(2, Hash(sql)).Run();
        }
    }

    /// <summary>Gives an empty database the schema of a backup, in the caller's transaction.</summary>
    /// <param name="those">Name → hash.</param>
    /// <exception cref="StoreRefusedException">The backup's schema is another program's.</exception>
    public static void ApplyInside(Connection connection, string engine, IReadOnlyDictionary<string, string> those)
    {
        Missing(new(those), engine);
        connection.Execute(Table);
        Apply(connection, [.. All(engine).Where(m => those.ContainsKey(m.Name))]);
    }

    /// <summary>In a read transaction: the schema is this program's, none of it missing.</summary>
    /// <exception cref="StoreRefusedException">It is not.</exception>
    public static void RequireAll(Connection connection, string engine)
    {
        if (Missing(Known(connection), engine) is [{ Name: var first }, ..])
            throw new StoreRefusedException($"The schema of the database lacks migration `{first}`; run the command `migrate`");
    }

    /// <summary>The migrations that a database has, in their order, with their hashes.</summary>
    public static Dictionary<string, string> Known(Connection connection)
    {
        try
        {
            return Applied(connection);
        }
        catch (StoreFailure failure) when (failure.IsMissingTable)
        {
            return [];
        }
    }

    private static List<(string Name, string Sql)> Missing(Dictionary<string, string> applied, string engine)
    {
        var missing = new List<(string, string)>();
        foreach (var (name, sql) in All(engine))
            if (!applied.Remove(name, out var before)) missing.Add((name, sql));
            else if (before != Hash(sql))
                throw new StoreRefusedException($"The database was made with another text of migration `{name}`: migrations go forward only");
        return applied.Count == 0 ? missing
            : throw new StoreRefusedException($"The database has migrations that this program does not know (`{applied.Keys.Max()}`): it was made by a later one");
    }

    private static string Hash(string sql) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));

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
