using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath.Operators;

/// <summary>Quantities of different units, brought to one. http://hl7.org/fhirpath/N1/#quantity-equality</summary>
internal static class Quantities
{
    /// <summary>A plain number is a quantity of unit `1`.</summary>
    public static Item From(in Item number) => number.Kind switch
    {
        ItemKind.Integer => Item.Of(number.Integer, Unit.One),
        ItemKind.Decimal => Item.Of(number.Decimal, Unit.One),
        _ => number
    };

    /// <summary>Whether the units measure the same; calendar years and months have no length in seconds.</summary>
    public static bool AreComparable(Unit a, Unit b) =>
        SameUnit(a, b) || a.Measure is { } left && b.Measure is { } right && left.Dimension == right.Dimension;

    /// <summary>Null when the units cannot be converted into each other.</summary>
    public static int? Compare(in Item a, in Item b)
    {
        if (SameUnit(a.Unit, b.Unit)) return a.Decimal.CompareTo(b.Decimal);
        if (!AreComparable(a.Unit, b.Unit)) return null;
        try
        {
            return InBase(a).CompareTo(InBase(b));
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>Equal when rounded to the less precise of both, in the coarser unit. A calendar duration counts as the UCUM unit of its
    /// name.</summary>
    public static bool AreEquivalent(in Item a, in Item b)
    {
        var (left, right) = a.Unit.IsCalendar == b.Unit.IsCalendar ? (a, b) : (Ucum(a), Ucum(b));
        if (SameUnit(left.Unit, right.Unit)) return Equivalence.Numbers(left.Decimal, right.Decimal);
        if (!AreComparable(left.Unit, right.Unit)) return false;
        var unit = left.Unit.Measure!.Factor >= right.Unit.Measure!.Factor ? left.Unit : right.Unit;
        return Convert(left, unit) is { } x && Convert(right, unit) is { } y && Equivalence.Numbers(x, y);
    }

    /// <summary>The value in another unit; null when that cannot be.</summary>
    public static decimal? Convert(in Item quantity, Unit to)
    {
        if (SameUnit(quantity.Unit, to)) return quantity.Decimal;
        if (!AreComparable(quantity.Unit, to)) return null;
        var (from, target) = (quantity.Unit.Measure!, to.Measure!);
        try
        {
            // One factor over the other first: 1000 mg is exactly 1 g, without a detour over a long fraction.
            if (from.Offset == 0 && target.Offset == 0)
                return from.Factor >= target.Factor
                    ? quantity.Decimal * (from.Factor / target.Factor) : quantity.Decimal / (target.Factor / from.Factor);
            return (InBase(quantity) - target.Offset) / target.Factor;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>The sum or difference in the finer unit; None when the units do not fit.</summary>
    public static Item Add(in Item a, in Item b, int sign)
    {
        var unit = a.Unit;
        if (!SameUnit(a.Unit, b.Unit))
        {
            if (!AreComparable(a.Unit, b.Unit)) return default;
            unit = a.Unit.Measure!.Factor <= b.Unit.Measure!.Factor ? a.Unit : b.Unit;
        }
        return Convert(a, unit) is { } x && Convert(b, unit) is { } y ? Item.Of(x + sign * y, unit) : default;
    }

    public static Item Multiply(in Item a, in Item b) => Item.Of(a.Decimal * b.Decimal, Combined(Named(a.Unit), '.', Named(b.Unit)));

    public static Item Divide(in Item a, in Item b)
    {
        if (b.Decimal == 0) return default;
        var unit = SameUnit(a.Unit, b.Unit) ? Unit.One : Combined(Named(a.Unit), '/', Named(b.Unit));
        return Item.Of(a.Decimal / b.Decimal, unit);
    }

    /// <summary>Units read from records count as calendar durations against calendar durations: FHIR has only UCUM to write them.
    /// https://hl7.org/fhir/R4/fhirpath.html#quantity</summary>
    public static Item Reconciled(in Item system, bool isFromNode, in Item other)
    {
        if (!isFromNode || system.Kind != ItemKind.Quantity || !other.HasCalendarUnit || system.Unit.Code is not ("a" or "mo"))
            return system;
        return Item.Of(system.Decimal, system.Unit.Counterpart);
    }

    private static bool SameUnit(Unit a, Unit b) => ReferenceEquals(a, b) || (a.Code == b.Code && a.IsCalendar == b.IsCalendar);

    private static Item Ucum(in Item quantity) =>
        quantity.Unit.IsCalendar ? Item.Of(quantity.Decimal, quantity.Unit.Counterpart) : quantity;

    private static Unit Named(Unit unit) => unit.IsCalendar ? unit.Counterpart : unit;

    private static Unit Combined(Unit a, char by, Unit b)
    {
        if (b.Code == "1") return a;
        if (a.Code == "1") return by == '.' ? b : Unit.Of("/" + Grouped(b));
        return Unit.Of($"{a.Code}{by}{Grouped(b)}");
    }

    private static string Grouped(Unit unit) => unit.Code.AsSpan().ContainsAny('.', '/') ? $"({unit.Code})" : unit.Code;

    private static decimal InBase(in Item quantity) => quantity.Decimal * quantity.Unit.Measure!.Factor + quantity.Unit.Measure.Offset;
}
