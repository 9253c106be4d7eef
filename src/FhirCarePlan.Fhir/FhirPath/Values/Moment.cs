using System.Globalization;

namespace FhirCarePlan.Fhir.FhirPath.Values;

/// <summary>How far a date or time is known. The numbers are what `precision()` answers for a date or dateTime.</summary>
internal enum Precision : byte { Year = 4, Month = 6, Day = 8, Hour = 10, Minute = 12, Second = 14, Fraction = 17 }

/// <summary>A Date, DateTime or Time of FHIRPath with its precision, with or without offset. Unknown parts have the least value. 16 bytes.
/// http://hl7.org/fhirpath/N1/#datetime</summary>
/// <param name="Ticks">As written (not shifted to UTC), 100 ns; a Time is on 0001-01-01.</param>
/// <param name="Offset">Minutes east of UTC, or NoOffset.</param>
/// <param name="Digits">Of the fraction as written.</param>
internal readonly record struct Moment(long Ticks, short Offset, Precision Precision, byte Digits, ItemKind Kind)
{
    public const short NoOffset = short.MinValue;
    /// <summary>Offsets known to the world: nothing is further from UTC than 14 hours.</summary>
    public const long WidestOffset = 14 * TimeSpan.TicksPerHour;

    public bool HasOffset => Offset != NoOffset;
    public DateTime Local => new(Ticks);
    /// <summary>Valid with an offset.</summary>
    public long UtcTicks => Ticks - Offset * TimeSpan.TicksPerMinute;

    /// <summary>Seconds and their fraction count as one precision when values are compared.</summary>
    public Precision Compared => Precision == Precision.Fraction ? Precision.Second : Precision;

    /// <summary>The first tick after the span that the value may denote.</summary>
    public long EndTicks
    {
        get
        {
            var local = Local;
            return Precision switch
            {
                Precision.Year => local.Year == 9999 ? DateTime.MaxValue.Ticks : local.AddYears(1).Ticks,
                Precision.Month => local is { Year: 9999, Month: 12 } ? DateTime.MaxValue.Ticks : local.AddMonths(1).Ticks,
                _ => Ticks + UnitTicks(Precision)
            };
        }
    }

    public static long UnitTicks(Precision precision) => precision switch
    {
        Precision.Day => TimeSpan.TicksPerDay,
        Precision.Hour => TimeSpan.TicksPerHour,
        Precision.Minute => TimeSpan.TicksPerMinute,
        Precision.Second => TimeSpan.TicksPerSecond,
        _ => 1
    };

    /// <summary>Forgets everything finer, the offset too when no time is left.</summary>
    public Moment At(Precision precision)
    {
        var local = Local;
        var ticks = precision switch
        {
            Precision.Year => new DateTime(local.Year, 1, 1).Ticks,
            Precision.Month => new DateTime(local.Year, local.Month, 1).Ticks,
            Precision.Fraction => Ticks,
            _ => Ticks - Ticks % UnitTicks(precision)
        };
        return this with
        {
            Ticks = ticks,
            Precision = precision,
            Digits = precision == Precision.Fraction ? Math.Max(Digits, (byte)3) : (byte)0,
            Offset = precision < Precision.Hour ? NoOffset : Offset
        };
    }

    public Moment AsDate() => At(Precision < Precision.Day ? Precision : Precision.Day) with { Kind = ItemKind.Date };
    public Moment AsDateTime() => this with { Kind = ItemKind.DateTime };

    public static Moment Of(DateTimeOffset time) =>
        new(time.Ticks - time.Ticks % TimeSpan.TicksPerMillisecond, (short)time.Offset.TotalMinutes, Precision.Fraction, 3,
            ItemKind.DateTime);

    public static Moment TimeOf(DateTimeOffset time) =>
        new(time.TimeOfDay.Ticks - time.Ticks % TimeSpan.TicksPerMillisecond, NoOffset, Precision.Fraction, 3, ItemKind.Time);

    public override string ToString()
    {
        var format = Precision switch
        {
            Precision.Year => "yyyy",
            Precision.Month => "yyyy-MM",
            Precision.Day => "yyyy-MM-dd",
            Precision.Hour => "yyyy-MM-ddTHH",
            Precision.Minute => "yyyy-MM-ddTHH:mm",
            Precision.Second => "yyyy-MM-ddTHH:mm:ss",
            _ => "yyyy-MM-ddTHH:mm:ss." + new string('f', Math.Min((int)Digits, 7))
        };
        if (Kind == ItemKind.Time) format = format[11..];
        var text = Local.ToString(format.Replace("T", "'T'"), CultureInfo.InvariantCulture);
        if (!HasOffset) return text;
        return Offset == 0 ? text + "Z" : $"{text}{(Offset < 0 ? '-' : '+')}{Math.Abs(Offset) / 60:00}:{Math.Abs(Offset) % 60:00}";
    }
}
