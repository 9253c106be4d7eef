using System.Globalization;

namespace FhirCarePlan.Server.Settings;

/// <summary>`Clock:Zone`, the zone of dates without one, and `Clock:Fixed` (Development): the time that the clock always shows.</summary>
public sealed record ClockSettings(TimeZoneInfo Zone, DateTimeOffset? Fixed)
{
    public const string DefaultZone = "Europe/London";

    internal static ClockSettings Read(SettingsReader read)
    {
        var name = read.Text("Clock:Zone") ?? DefaultZone;
        var zone = Find(name);
        if (zone is null) read.Fault($"Setting Clock:Zone is `{name}`; this machine does not know that time zone");
        return new(zone ?? TimeZoneInfo.Utc, ReadFixed(read, zone ?? TimeZoneInfo.Utc));
    }

    /// <summary>The clock that everything about care is decided by. Tokens are checked against the machine's own clock.</summary>
    public TimeProvider Clock => new ZonedClock(this);

    private static DateTimeOffset? ReadFixed(SettingsReader read, TimeZoneInfo zone)
    {
        if (read.Text("Clock:Fixed") is not { } text) return null;
        if (!read.IsDevelopment)
            read.Fault("Setting Clock:Fixed is for Development only");
        else if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time))
            read.Fault($"Setting Clock:Fixed is `{text}`; it must be a time such as `2030-05-01T09:00:00Z`");
        else
            return time.Kind == DateTimeKind.Unspecified
                ? new DateTimeOffset(time, zone.GetUtcOffset(time)) : new DateTimeOffset(time).ToUniversalTime();
        return null;
    }

    private static TimeZoneInfo? Find(string name)
    {
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)) return zone;
        // Windows without ICU knows its own names only.
        return name == DefaultZone && TimeZoneInfo.TryFindSystemTimeZoneById("GMT Standard Time", out zone) ? zone : null;
    }

    private sealed class ZonedClock(ClockSettings settings) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => settings.Zone;
        public override DateTimeOffset GetUtcNow() => settings.Fixed?.ToUniversalTime() ?? base.GetUtcNow();
    }
}
