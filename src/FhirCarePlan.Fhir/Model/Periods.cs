using System.Globalization;

namespace FhirCarePlan.Fhir.Model;

/// <summary>A Period as two instants: from its first instant to just after its last.
/// https://hl7.org/fhir/R4/datatypes.html#Period</summary>
public static class Periods
{
    private static readonly string[] formats = ["yyyy", "yyyy-MM", "yyyy-MM-dd"];

    /// <summary>False when a date in it cannot be read.</summary>
    /// <param name="zone">Where days without a time zone begin.</param>
    public static bool TryRead(Node period, TimeZoneInfo zone, out DateTimeOffset? from, out DateTimeOffset? to)
    {
        from = to = null;
        if (period.IsMissing) return true;
        var isRead = true;
        if (period["start"] is { IsMissing: false } start) isRead &= TryReadDate(start, zone, out from, out _);
        if (period["end"] is { IsMissing: false } end) isRead &= TryReadDate(end, zone, out _, out to);
        return isRead;
    }

    /// <summary>When a date or dateTime begins.</summary>
    public static bool TryReadDay(Node dateTime, TimeZoneInfo zone, out DateTimeOffset? first)
    {
        first = null;
        return !dateTime.IsMissing && TryReadDate(dateTime, zone, out first, out _);
    }

    private static bool TryReadDate(Node dateTime, TimeZoneInfo zone, out DateTimeOffset? first, out DateTimeOffset? after)
    {
        first = after = null;
        if (dateTime.Text is not { } text) return false;
        if (text.Contains('T'))
        {
            if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)) return false;
            (first, after) = (instant.ToUniversalTime(),
                Later(instant.ToUniversalTime(), i => i.AddTicks(text.Contains('.') ? 1 : TimeSpan.TicksPerSecond)));
            return true;
        }
        if (!DateTime.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return false;
        first = Midnight(day, zone);
        after = Later(first.Value,
            _ => Midnight(text.Length switch { 4 => day.AddYears(1), 7 => day.AddMonths(1), _ => day.AddDays(1) }, zone));
        return true;
    }

    private static DateTimeOffset Midnight(DateTime day, TimeZoneInfo zone) =>
        new DateTimeOffset(day, zone.GetUtcOffset(day)).ToUniversalTime();

    /// <summary>The end of time where the calendar ends.</summary>
    private static DateTimeOffset Later(DateTimeOffset time, Func<DateTimeOffset, DateTimeOffset> add)
    {
        try
        {
            return add(time);
        }
        catch (ArgumentOutOfRangeException)
        {
            return DateTimeOffset.MaxValue;
        }
    }
}
