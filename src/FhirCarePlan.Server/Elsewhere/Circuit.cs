namespace FhirCarePlan.Server.Elsewhere;

/// <summary>After several failures in a row nobody asks for a while; then one failure is enough to wait again.</summary>
public sealed class Circuit(TimeProvider clock)
{
    public const int Most = 5;
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(30);

    private readonly Lock guard = new();
    private int failures;
    private DateTimeOffset failedAt;

    public bool IsOpen
    {
        get { lock (guard) return failures >= Most && clock.GetUtcNow() - failedAt < Pause; }
    }

    public void Succeeded()
    {
        lock (guard) failures = 0;
    }

    public void Failed()
    {
        lock (guard)
        {
            failures = Math.Min(failures + 1, Most);
            failedAt = clock.GetUtcNow();
        }
    }
}
