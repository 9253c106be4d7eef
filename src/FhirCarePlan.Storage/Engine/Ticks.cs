namespace FhirCarePlan.Storage.Engine;

/// <summary>Times in the database: UTC in ticks of 100 ns.</summary>
internal static class Ticks
{
    /// <summary>Where a period without end ends.</summary>
    public const long Never = long.MaxValue;

    public static long? Of(DateTimeOffset? time) => time?.UtcTicks;
    public static DateTimeOffset ToTime(long ticks) => new(ticks, TimeSpan.Zero);
    public static DateTimeOffset? ToTime(long? ticks) => ticks is { } known ? ToTime(known) : null;
}
