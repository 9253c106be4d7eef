using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Postgres;

/// <summary>Numbers of new rows, taken from one row of the database. Who holds that row is the only writer, so that a later number is always
/// of a later change.</summary>
internal sealed class Numbers(PostgresConnection connection)
{
    private PostgresStatement? locked;
    private long next, first;

    public void Lock()
    {
        next = 0;
        locked = (PostgresStatement)connection.Use("SELECT next FROM number WHERE one = 1 FOR UPDATE");
        connection.Await(locked);
    }

    public long Next()
    {
        if (next == 0)
        {
            if (!locked!.Step()) throw new InvalidOperationException("The database has lost the row of its numbers.");
            next = first = locked.Int64(0);
        }
        return next++;
    }

    /// <summary>In the transaction that used them.</summary>
    public void Keep()
    {
        if (next > first) connection.Use("UPDATE number SET next = ?1 WHERE one = 1").Bind(1, next).Run();
        next = first = 0;
    }
}
