namespace FhirCarePlan.Fhir.FhirPath.Values;

/// <summary>Adds durations to dates and times. http://hl7.org/fhirpath/N1/#datetime-arithmetic</summary>
internal static class MomentArithmetic
{
    /// <summary>Null when the result is outside the years 1 to 9999.</summary>
    /// <exception cref="FhirPathException">The unit is not a duration, or it is a UCUM year or month, which have no length in the
    /// calendar.</exception>
    public static Moment? Add(in Moment moment, decimal amount, Unit unit)
    {
        var (months, ticks) = Step(unit);
        if (moment.Kind == ItemKind.Time && (months > 0 || ticks >= TimeSpan.TicksPerDay))
            throw new FhirPathException($"`{unit}` cannot be added to a time of day");
        // Fractions are dropped in every unit: the HL7 suite expects it of 7.7 days and of 0.1 seconds alike.
        amount = decimal.Truncate(amount);
        try
        {
            if (moment.Kind == ItemKind.Time) return AddToTime(moment, amount, ticks);
            return months > 0 ? AddMonths(moment, amount * months) : AddTicks(moment, amount, ticks);
        }
        catch (Exception outside) when (outside is ArgumentOutOfRangeException or OverflowException)
        {
            return null;
        }
    }

    private static Moment AddMonths(in Moment moment, decimal months)
    {
        if (moment.Precision == Precision.Year) months = decimal.Truncate(months / 12) * 12;
        return moment with { Ticks = moment.Local.AddMonths((int)months).Ticks };
    }

    /// <summary>A duration finer than the value counts in whole units of the value's precision; a month has 30 days then, a year
    /// 365.</summary>
    private static Moment AddTicks(in Moment moment, decimal amount, long ticks)
    {
        var days = amount * ticks / TimeSpan.TicksPerDay;
        switch (moment.Precision)
        {
            case Precision.Year: return moment with { Ticks = moment.Local.AddYears((int)(days / 365)).Ticks };
            case Precision.Month: return moment with { Ticks = moment.Local.AddMonths((int)(days / 30)).Ticks };
            default:
                var unit = Moment.UnitTicks(moment.Precision);
                var sum = moment.Ticks + (long)decimal.Truncate(amount * ticks / unit) * unit;
                return moment with { Ticks = new DateTime(sum).Ticks, Digits = Grown(moment, sum) };
        }
    }

    /// <summary>Milliseconds added to whole seconds must not vanish from the text.</summary>
    private static byte Grown(in Moment moment, long sum) =>
        moment.Precision == Precision.Fraction && sum % TimeSpan.TicksPerSecond != 0 ? Math.Max(moment.Digits, (byte)3) : moment.Digits;

    /// <summary>Times run around the clock.</summary>
    private static Moment AddToTime(in Moment time, decimal amount, long ticks)
    {
        var step = Moment.UnitTicks(time.Precision);
        var added = decimal.Truncate(amount * ticks / step) % TimeSpan.TicksPerDay * step;
        var sum = (long)((time.Ticks + added) % TimeSpan.TicksPerDay);
        return time with { Ticks = sum < 0 ? sum + TimeSpan.TicksPerDay : sum };
    }

    private static (int Months, long Ticks) Step(Unit unit) => unit.Code switch
    {
        "year" => (12, 0),
        "month" => (1, 0),
        "week" or "wk" => (0, 7 * TimeSpan.TicksPerDay),
        "day" or "d" => (0, TimeSpan.TicksPerDay),
        "hour" or "h" => (0, TimeSpan.TicksPerHour),
        "minute" or "min" => (0, TimeSpan.TicksPerMinute),
        "second" or "s" => (0, TimeSpan.TicksPerSecond),
        "millisecond" or "ms" => (0, TimeSpan.TicksPerMillisecond),
        _ => throw new FhirPathException($"`{unit}` cannot be added to a date; add a calendar duration (`12 months`) or one of UCUM's "
            + $"`wk`, `d`, `h`, `min`, `s`, `ms`")
    };
}
