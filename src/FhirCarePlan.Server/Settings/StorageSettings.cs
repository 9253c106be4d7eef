using System.Data.Common;

namespace FhirCarePlan.Server.Settings;

public enum StorageEngine { Sqlite, Postgres }

/// <summary>`Storage:Engine` and `Storage:ConnectionString`; by default an SQLite file in the data folder.</summary>
public sealed record StorageSettings(StorageEngine Engine, string ConnectionString)
{
    /// <summary>`Storage:Migrate`: a start brings the schema up to date; else only the command `migrate` does.</summary>
    public bool Migrates { get; private init; } = true;
    /// <summary>`Storage:Relabel`: this start makes labels, index rows and ties of everything anew.</summary>
    public bool Relabels { get; private init; }

    /// <summary>`Storage:LeastFreeMegabytes`: with less space beside the file the server does not start, and is not healthy.</summary>
    public int LeastFreeMegabytes { get; private init; }

    private static readonly string[] FileKeys = ["Data Source", "DataSource", "Filename"];

    internal static StorageSettings Read(SettingsReader read) => ReadPlace(read) with
    {
        Migrates = read.Flag("Storage:Migrate", otherwise: true),
        Relabels = read.Flag("Storage:Relabel"),
        LeastFreeMegabytes = read.Number("Storage:LeastFreeMegabytes", 64, 0),
    };

    private static StorageSettings ReadPlace(SettingsReader read)
    {
        var engine = read.Choice("Storage:Engine", StorageEngine.Sqlite);
        var given = read.Text("Storage:ConnectionString");
        if (engine == StorageEngine.Sqlite) return new(engine, given is null ? Default(read.Places) : Resolve(given, read));
        if (given is null) read.Fault("Setting Storage:ConnectionString is missing: how to reach PostgreSQL");
        return new(engine, given ?? "");
    }

    /// <summary>The folder of the SQLite file; null for a database in memory or another engine.</summary>
    public string? Folder => File is { } file ? Path.GetDirectoryName(file) : null;

    /// <summary>The SQLite file, if there is one.</summary>
    public string? File => Engine == StorageEngine.Sqlite ? FileOf(Parse(ConnectionString)) : null;

    private static string Default(Places places) => $"Data Source={Path.Combine(places.Data, "fhircareplan.db")}";

    private static string Resolve(string given, SettingsReader read)
    {
        try
        {
            var parts = Parse(given);
            if (FileOf(parts) is not { } file) return given;
            foreach (var key in FileKeys) parts.Remove(key);
            parts["Data Source"] = read.Places.FindOrPlace(file);
            return parts.ConnectionString;
        }
        catch (ArgumentException)
        {
            read.Fault("Setting Storage:ConnectionString must have the shape `Data Source=FILE`");
            return "";
        }
    }

    private static DbConnectionStringBuilder Parse(string text) => new() { ConnectionString = text };

    private static string? FileOf(DbConnectionStringBuilder parts)
    {
        if (parts.TryGetValue("Mode", out var mode) && "Memory".Equals(mode as string, StringComparison.OrdinalIgnoreCase)) return null;
        foreach (var key in FileKeys)
            if (parts.TryGetValue(key, out var value) && value is string { Length: > 0 } file)
                return file == ":memory:" || file.StartsWith("file:", StringComparison.OrdinalIgnoreCase) ? null : file;
        return null;
    }
}
