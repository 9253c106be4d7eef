using Npgsql;
using SQLitePCL;

namespace FhirCarePlan.Benchmarks;

/// <summary>Asks a database in its own SQL, beside the store.</summary>
internal sealed class HandSql : IDisposable
{
    private readonly sqlite3? file;
    private readonly NpgsqlConnection? session;

    public HandSql(string path)
    {
        if (raw.sqlite3_open_v2(path, out file, raw.SQLITE_OPEN_READONLY, null) != raw.SQLITE_OK) throw new InvalidOperationException($"{path} cannot be read");
        raw.sqlite3_exec(file, "PRAGMA mmap_size = 2147418112");
    }

    private HandSql(NpgsqlConnection session) => this.session = session;

    public static HandSql On(string connectionString)
    {
        var session = new NpgsqlConnection(connectionString);
        session.Open();
        return new HandSql(session);
    }

    /// <returns>The number of rows, or the number in the first.</returns>
    public int Ask(string sql, bool isCount)
    {
        var rows = 0;
        if (file is not null)
        {
            if (raw.sqlite3_prepare_v2(file, sql, out var statement) != raw.SQLITE_OK) throw new InvalidOperationException(raw.sqlite3_errmsg(file).utf8_to_string());
            using (statement)
                while (raw.sqlite3_step(statement) == raw.SQLITE_ROW) rows = isCount ? raw.sqlite3_column_int(statement, 0) : rows + 1;
            return rows;
        }
        using var command = new NpgsqlCommand(sql, session);
        using var reader = command.ExecuteReader();
        while (reader.Read()) rows = isCount ? (int)reader.GetInt64(0) : rows + 1;
        return rows;
    }

    public void Dispose()
    {
        file?.Dispose();
        session?.Dispose();
    }
}
