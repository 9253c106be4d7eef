using System.Buffers.Text;

namespace FhirCarePlan.Fhir.Search;

/// <summary>The range that a date covers, in UTC ticks with both ends included: `2013-01` is the whole month. Dates without an offset are
/// days of the given zone. https://hl7.org/fhir/R4/search.html#date</summary>
public readonly record struct DateRange(long Low, long High)
{
    /// <summary>Reads YYYY, YYYY-MM, YYYY-MM-DD, or that with Thh:mm, Thh:mm:ss or Thh:mm:ss.f… and perhaps Z or an offset.
    /// False when it is none of them or not a day of the calendar.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, TimeZoneInfo zone, out DateRange range)
    {
        range = default;
        if (!Digits(text, 0, 4, out var year) || year < 1) return false;
        if (text.Length == 4) return Local(new DateTime(year, 1, 1), Next(year, 13), zone, out range);
        if (text[4] != '-' || !Digits(text, 5, 2, out var month) || month is < 1 or > 12) return false;
        if (text.Length == 7) return Local(new DateTime(year, month, 1), Next(year, month + 1), zone, out range);
        if (text[7] != '-' || !Digits(text, 8, 2, out var day) || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        var date = new DateTime(year, month, day);
        if (text.Length == 10) return Local(date, date == DateTime.MaxValue.Date ? DateTime.MaxValue : date.AddDays(1), zone, out range);
        return text[10] == 'T' && TryTime(text[11..], date, zone, out range);
    }

    private static bool TryTime(ReadOnlySpan<byte> text, DateTime date, TimeZoneInfo zone, out DateRange range)
    {
        range = default;
        if (!Digits(text, 0, 2, out var hour) || hour > 23 || text.Length < 5 || text[2] != ':' || !Digits(text, 3, 2, out var minute)
            || minute > 59)
            return false;
        var start = date.Ticks + hour * TimeSpan.TicksPerHour + minute * TimeSpan.TicksPerMinute;
        var width = TimeSpan.TicksPerMinute;
        var at = 5;
        if (text.Length > 5 && text[5] == ':')
        {
            if (!Digits(text, 6, 2, out var second) || second > 60) return false;
            start += Math.Min(second, 59) * TimeSpan.TicksPerSecond; // a leap second counts as the one before
            width = TimeSpan.TicksPerSecond;
            at = 8;
            if (text.Length > 8 && text[8] == '.')
            {
                var from = ++at;
                for (; at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9'; at++)
                {
                    if (at - from >= 7) continue; // finer than a tick
                    width /= 10;
                    start += (text[at] - '0') * width;
                }
                if (at == from) return false;
            }
        }
        if (!TryOffset(text[at..], new DateTime(start), zone, out var offset)) return false;
        var low = Math.Clamp(start - offset, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        range = new DateRange(low, Math.Min(low + width - 1, DateTime.MaxValue.Ticks));
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, DateTime local, TimeZoneInfo zone, out long offset)
    {
        offset = 0;
        if (text.IsEmpty) { offset = zone.GetUtcOffset(local).Ticks; return true; }
        if (text.Length == 1 && text[0] == 'Z') return true;
        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':'
            || !Digits(text, 1, 2, out var hours) || hours > 14 || !Digits(text, 4, 2, out var minutes) || minutes > 59) return false;
        offset = (hours * 60 + minutes) * TimeSpan.TicksPerMinute * (text[0] == '-' ? -1 : 1);
        return true;
    }

    /// <summary>The first moment of a month, where month 13 is next January.</summary>
    private static DateTime Next(int year, int month) =>
        month <= 12 ? new DateTime(year, month, 1) : year == 9999 ? DateTime.MaxValue : new DateTime(year + 1, 1, 1);

    private static bool Local(DateTime first, DateTime next, TimeZoneInfo zone, out DateRange range)
    {
        range = new DateRange(Utc(first, zone), next == DateTime.MaxValue ? next.Ticks : Utc(next, zone) - 1);
        return true;
    }

    private static long Utc(DateTime local, TimeZoneInfo zone) =>
        Math.Clamp(local.Ticks - zone.GetUtcOffset(local).Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);

    private static bool Digits(ReadOnlySpan<byte> text, int at, int count, out int value)
    {
        value = 0;
        return text.Length >= at + count && Utf8Parser.TryParse(text.Slice(at, count), out value, out var read) && read == count
            && text[at] is >= (byte)'0' and <= (byte)'9';
    }
}
