namespace FhirCarePlan.Storage.Engine;

/// <summary>A failure of the database. Its message names tables and columns, never values.</summary>
internal abstract class StoreFailure(string message) : IOException(message)
{
    /// <summary>A constraint of the schema refused one row; every other failure is about the machine (disk full, locked, broken, gone).</summary>
    public abstract bool IsConstraint { get; }

    /// <summary>A statement names a table that is not there.</summary>
    public abstract bool IsMissingTable { get; }

    /// <summary>The transaction was being committed: it may be there or not.</summary>
    public virtual bool IsUncertain => false;
}
