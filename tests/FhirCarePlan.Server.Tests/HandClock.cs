namespace FhirCarePlan.Server.Tests;

/// <summary>A clock that goes only when it is told to.</summary>
public sealed class HandClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;
    public override DateTimeOffset GetUtcNow() => Now;
}
