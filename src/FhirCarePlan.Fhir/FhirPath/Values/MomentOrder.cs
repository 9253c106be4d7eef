namespace FhirCarePlan.Fhir.FhirPath.Values;

/// <summary>Compares dates and times of unequal precision: undecided (null) where the finer parts would decide.
/// http://hl7.org/fhirpath/N1/#datetime-equality</summary>
internal static class MomentOrder
{
    /// <summary>Both are points in time or both are times of day.</summary>
    public static bool AreComparable(in Moment a, in Moment b) => (a.Kind == ItemKind.Time) == (b.Kind == ItemKind.Time);

    public static int? Compare(in Moment a, in Moment b)
    {
        if (a.HasOffset != b.HasOffset) return a.HasOffset ? AgainstLocal(a, b) : -AgainstLocal(b, a);
        if (a.HasOffset && a.Offset != b.Offset) return Compare(InUtc(a), InUtc(b));
        var precision = a.Compared < b.Compared ? a.Compared : b.Compared;
        var order = Truncate(a, precision).CompareTo(Truncate(b, precision));
        if (order != 0) return order;
        return a.Compared == b.Compared ? 0 : null;
    }

    /// <summary>One value has an offset, the other is local to a place unknown: decided only when no place could change it.</summary>
    private static int? AgainstLocal(in Moment known, in Moment local)
    {
        var start = known.UtcTicks;
        var end = start + (known.EndTicks - known.Ticks);
        if (end <= local.Ticks - Moment.WidestOffset) return -1;
        if (start >= local.EndTicks + Moment.WidestOffset) return 1;
        return null;
    }

    /// <summary>May be a few hours outside the years that DateTime knows.</summary>
    private static Moment InUtc(in Moment moment) => moment with { Ticks = moment.UtcTicks, Offset = Moment.NoOffset };

    private static long Truncate(in Moment moment, Precision precision)
    {
        if (precision == Precision.Second || moment.Precision == precision) return moment.Ticks;
        if (precision < Precision.Day) return moment.At(precision).Ticks;
        var unit = Moment.UnitTicks(precision);
        var rest = moment.Ticks % unit;
        return moment.Ticks - (rest < 0 ? rest + unit : rest);
    }
}
