using FhirCarePlan.Storage.Search;

namespace FhirCarePlan.Storage.Engine;

/// <summary>A connection to a database, with its prepared statements; one thread at a time uses it. All SQL is written once, as SQLite reads
/// it; an engine puts it into its own words.</summary>
internal abstract class Connection : IDisposable
{
    /// <summary>What a search wrote into its temporary tables is there for the next one.</summary>
    public virtual bool KeepsLists => true;

    /// <summary>For whom the connection works: once it is cancelled, a statement ends, and the next is not begun, with
    /// <see cref="OperationCanceledException"/>. After that the connection is of no more use.</summary>
    public CancellationToken Cancel { get; set; }

    /// <summary>A statement whose SQL is a constant of the program.</summary>
    public abstract Statement Use(string sql);

    /// <summary>A statement whose SQL was put together for one question: found by its text, forgotten when there are too many.</summary>
    public abstract Statement UseShape(string sql);

    /// <summary>Runs an INSERT whose first value is the number of the new row; the engine gives the number.</summary>
    public abstract long Insert(Statement insert);

    /// <summary>The database is another process: what can be asked together is.</summary>
    public virtual bool IsFar => false;

    /// <summary>Asks all these statements, values bound, in one trip; their rows are then read without another. A database that is near does
    /// nothing here.</summary>
    public virtual void Ask(IReadOnlyList<Statement> questions) { }

    /// <summary>Runs several statements, separated by semicolons.</summary>
    public abstract void Execute(string script);

    /// <summary>Begins a transaction that sees one state of the database.</summary>
    public abstract void BeginRead();

    /// <summary>Begins a transaction that writes. No other writer writes until it ends.</summary>
    public abstract void BeginWrite();

    /// <summary>Begins a change of the schema; other processes wait for it.</summary>
    public abstract void BeginSchema();

    /// <summary>What the engine finds wrong with its own pages and indexes; rows and tables, never values.</summary>
    public virtual IEnumerable<string> OwnFaults() => [];

    /// <summary>Sends what waits to be sent, so that its failure is heard now.</summary>
    public virtual void Flush() { }

    public abstract void Commit();
    public abstract void RollBack();

    /// <summary>Does it as one transaction that nobody else writes in.</summary>
    public void InOneWrite(Action what)
    {
        BeginWrite();
        try
        {
            what();
            Commit();
        }
        catch
        {
            if (IsInTransaction) RollBack();
            throw;
        }
    }

    /// <summary>False once the engine has taken the transaction back by itself, as SQLite does when the disk fails.</summary>
    public abstract bool IsInTransaction { get; }

    public abstract void Dispose();
}
