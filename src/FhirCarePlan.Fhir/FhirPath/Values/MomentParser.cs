using System.Runtime.CompilerServices;

namespace FhirCarePlan.Fhir.FhirPath.Values;

/// <summary>Reads dates and times as FHIR and FHIRPath write them. Impossible dates (`2013-02-30`) are refused.</summary>
internal static class MomentParser
{
    private const int LongestText = 40;

    /// <summary>`2015`, `2015-02`, `2015-02-04`.</summary>
    public static bool TryDate(ReadOnlySpan<char> text, out Moment moment)
    {
        var ok = TryDate(ref text, out var ticks, out var precision) && text.IsEmpty;
        moment = new Moment(ticks, Moment.NoOffset, precision, 0, ItemKind.Date);
        return ok;
    }

    /// <summary>A date, or one followed by `T` and a time, whose minutes, seconds and offset may be missing.</summary>
    public static bool TryDateTime(ReadOnlySpan<char> text, out Moment moment)
    {
        moment = default;
        if (!TryDate(ref text, out var ticks, out var precision)) return false;
        byte digits = 0;
        var offset = Moment.NoOffset;
        if (!text.IsEmpty)
        {
            if (precision != Precision.Day || text[0] != 'T') return false;
            text = text[1..];
            if (!TryTime(ref text, out var time, out precision, out digits) || !TryOffset(ref text, out offset)) return false;
            ticks += time;
        }
        moment = new Moment(ticks, offset, precision, digits, ItemKind.DateTime);
        return text.IsEmpty;
    }

    /// <summary>`14`, `14:34`, `14:34:28`, `14:34:28.123`.</summary>
    public static bool TryTime(ReadOnlySpan<char> text, out Moment moment)
    {
        var ok = TryTime(ref text, out var ticks, out var precision, out var digits) && text.IsEmpty;
        moment = new Moment(ticks, Moment.NoOffset, precision, digits, ItemKind.Time);
        return ok;
    }

    /// <summary>The value of a FHIR primitive.</summary>
    [SkipLocalsInit]
    public static bool Try(ItemKind kind, ReadOnlySpan<byte> utf8, out Moment moment)
    {
        moment = default;
        if (utf8.Length > LongestText) return false;
        Span<char> text = stackalloc char[LongestText];
        for (var i = 0; i < utf8.Length; i++) text[i] = (char)utf8[i];
        return Try(kind, text[..utf8.Length], out moment);
    }

    public static bool Try(ItemKind kind, ReadOnlySpan<char> text, out Moment moment) => kind switch
    {
        ItemKind.Date => TryDate(text, out moment),
        ItemKind.Time => TryTime(text, out moment),
        _ => TryDateTime(text, out moment)
    };

    private static bool TryDate(ref ReadOnlySpan<char> text, out long ticks, out Precision precision)
    {
        (ticks, precision) = (0, Precision.Year);
        int month = 1, day = 1;
        if (!Digits(ref text, 4, out var year) || year == 0) return false;
        if (text.Length > 0 && text[0] == '-')
        {
            text = text[1..];
            if (!Digits(ref text, 2, out month) || month is 0 or > 12) return false;
            precision = Precision.Month;
            if (text.Length > 0 && text[0] == '-')
            {
                text = text[1..];
                if (!Digits(ref text, 2, out day) || day == 0 || day > DateTime.DaysInMonth(year, month)) return false;
                precision = Precision.Day;
            }
        }
        ticks = new DateTime(year, month, day).Ticks;
        return true;
    }

    private static bool TryTime(ref ReadOnlySpan<char> text, out long ticks, out Precision precision, out byte digits)
    {
        (ticks, precision, digits) = (0, Precision.Hour, 0);
        if (!Digits(ref text, 2, out var hour) || hour > 23) return false;
        ticks = hour * TimeSpan.TicksPerHour;
        if (!Next(ref text, ':')) return true;
        if (!Digits(ref text, 2, out var minute) || minute > 59) return false;
        ticks += minute * TimeSpan.TicksPerMinute;
        precision = Precision.Minute;
        if (!Next(ref text, ':')) return true;
        // FHIR allows second 60; the clock of .NET does not, so a leap second reads as the one before it.
        if (!Digits(ref text, 2, out var second) || second > 60) return false;
        ticks += Math.Min(second, 59) * TimeSpan.TicksPerSecond;
        precision = Precision.Second;
        if (text.Length < 2 || text[0] != '.' || !char.IsAsciiDigit(text[1])) return true;
        precision = Precision.Fraction;
        text = text[1..];
        for (var unit = TimeSpan.TicksPerSecond / 10; text.Length > 0 && char.IsAsciiDigit(text[0]); unit /= 10, digits++, text = text[1..])
            ticks += (text[0] - '0') * unit;
        return true;
    }

    private static bool TryOffset(ref ReadOnlySpan<char> text, out short offset)
    {
        offset = Moment.NoOffset;
        if (text.IsEmpty) return true;
        if (Next(ref text, 'Z')) offset = 0;
        else if (text[0] is '+' or '-')
        {
            var sign = text[0] == '-' ? -1 : 1;
            text = text[1..];
            if (!Digits(ref text, 2, out var hours) || !Next(ref text, ':') || !Digits(ref text, 2, out var minutes)) return false;
            if (hours > 14 || minutes > 59) return false;
            offset = (short)(sign * (hours * 60 + minutes));
        }
        return true;
    }

    private static bool Next(ref ReadOnlySpan<char> text, char expected)
    {
        if (text.IsEmpty || text[0] != expected) return false;
        text = text[1..];
        return true;
    }

    private static bool Digits(ref ReadOnlySpan<char> text, int count, out int value)
    {
        value = 0;
        if (text.Length < count) return false;
        for (var i = 0; i < count; i++)
        {
            if (!char.IsAsciiDigit(text[i])) return false;
            value = value * 10 + (text[i] - '0');
        }
        text = text[count..];
        return true;
    }
}
