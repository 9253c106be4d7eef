namespace FhirCarePlan.Storage.Search;

/// <summary>What databases say differently. Everything else in this folder is SQL that SQLite and PostgreSQL both read.</summary>
internal abstract class Dialect
{
    public static Dialect Sqlite { get; } = new SqliteDialect();
    public static Dialect Postgres { get; } = new PostgresDialect();

    /// <summary>The name of the n-th value, from 1.</summary>
    public abstract string Parameter(int number);
    /// <summary>A condition: one text holds the other, byte for byte.</summary>
    public abstract (string Before, string Between, string After) Contains { get; }

    /// <summary>A join that the database takes in the order in which it is written, where it can be told so.</summary>
    public abstract Sql ThenJoin { get; }

    private sealed class SqliteDialect : Dialect
    {
        public override string Parameter(int number) => $"?{number}";
        public override (string, string, string) Contains => ("instr(", ", ", ") > 0");
        public override Sql ThenJoin { get; } = new("CROSS JOIN");
    }

    private sealed class PostgresDialect : Dialect
    {
        public override string Parameter(int number) => $"${number}";
        public override (string, string, string) Contains => ("strpos(", ", ", ") > 0");
        public override Sql ThenJoin { get; } = new("JOIN");
    }
}
