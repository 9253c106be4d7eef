namespace FhirCarePlan.Storage.Postgres;

/// <summary>Counts the times that this process waited for the database.</summary>
public sealed class Trips
{
    private long count;

    public long Count => Interlocked.Read(ref count);

    internal void Add() => Interlocked.Increment(ref count);
}
