using FhirCarePlan.Storage.Engine;
using Npgsql;

namespace FhirCarePlan.Storage.Postgres;

/// <param name="isUncertain">The connection was lost while the transaction was being committed: it may be there or not.</param>
internal sealed class PostgresFailure(string state, string message, bool isUncertain = false) : StoreFailure($"PostgreSQL {state}: {message}")
{
    /// <summary>https://www.postgresql.org/docs/15/errcodes-appendix.html</summary>
    public string State => state;
    public override bool IsUncertain => isUncertain;
    public override bool IsMissingTable => State == "42P01";
    public override bool IsConstraint => State.StartsWith("23", StringComparison.Ordinal);

    // The server's words about a constraint may repeat a value; its `Detail` always does.
    public static PostgresFailure Of(NpgsqlException fault, bool isUncertain) => fault is PostgresException said
        ? new(said.SqlState, said.ConstraintName is { } name ? $"constraint {name}" : said.SqlState.StartsWith("22", StringComparison.Ordinal)
            ? "a value does not fit" : said.MessageText, false)
        : new("08000", "the connection was lost", isUncertain);
}
