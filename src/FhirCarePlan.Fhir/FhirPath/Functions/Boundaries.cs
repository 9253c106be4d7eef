using FhirCarePlan.Fhir.FhirPath.Operators;
using FhirCarePlan.Fhir.FhirPath.Values;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>`lowBoundary`, `highBoundary`, `precision`: the range a value may mean, given the precision it was written with.
/// https://hl7.org/fhirpath/#lowboundaryprecision-integer-decimal--date--datetime--time</summary>
internal static class Boundaries
{
    private const int MostDigits = 28, UsualDigits = 8;

    public static Code Low(Call call) => Boundary(call, isHigh: false);
    public static Code High(Call call) => Boundary(call, isHigh: true);

    public static Code Precision(Call call) => call.OfValue((Evaluation _, in Item value) => value.Kind switch
    {
        ItemKind.Integer => 0,
        ItemKind.Decimal => value.Decimal.Scale,
        ItemKind.Date or ItemKind.DateTime => (int)value.Moment.Precision,
        // A time counts its own digits: `14:34` has 4.
        ItemKind.Time => (int)value.Moment.Precision - (int)Values.Precision.Day,
        _ => throw Unsuitable("precision", value)
    });

    private static Code Boundary(Call call, bool isHigh)
    {
        var (argument, name) = (call.Optional(0), call.Name);
        return call.OfValue((Evaluation e, in Item value) =>
        {
            int? asked = null;
            if (argument != null)
            {
                if (!Call.TryInteger(e, argument, name, out var number)) return default;
                asked = number;
            }
            switch (value.Kind)
            {
                case ItemKind.Integer: return OfNumber(value.Integer, asked, isHigh) ?? default(Item);
                case ItemKind.Decimal: return OfNumber(value.Decimal, asked, isHigh) ?? default(Item);
                case ItemKind.Quantity: return OfNumber(value.Decimal, asked, isHigh) is { } bound ? Item.Of(bound, value.Unit) : default;
                case ItemKind.Date or ItemKind.DateTime or ItemKind.Time: return OfMoment(value.Moment, asked, isHigh);
                default: throw Unsuitable(name, value);
            }
        });
    }

    /// <summary>Half a unit of the last digit below or above, cut to the digits asked for; null when they are more than a decimal
    /// holds.</summary>
    private static decimal? OfNumber(decimal value, int? asked, bool isHigh)
    {
        var digits = asked ?? UsualDigits;
        if (digits is < 0 or > MostDigits) return null;
        // Too small to be seen at that precision: 0.0034 to one digit is 0.0 on both sides (the HL7 suite's reading).
        if (digits < value.Scale && value != 0 && decimal.Round(value, digits) == 0) return Padded(0, digits);
        try
        {
            var half = new decimal(5, 0, 0, false, (byte)Math.Min(value.Scale + 1, MostDigits));
            var bound = isHigh ? value + half : value - half;
            return Padded(decimal.Round(bound, digits, isHigh ? MidpointRounding.ToPositiveInfinity : MidpointRounding.ToNegativeInfinity),
                digits);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>Adding a zero of that scale writes the missing digits: 0.5 becomes 0.50000000.</summary>
    private static decimal Padded(decimal value, int digits) => value + new decimal(0, 0, 0, false, (byte)digits);

    /// <summary>Without offset the low end is as far east, the high end as far west as the world goes.</summary>
    private static Item OfMoment(in Moment moment, int? asked, bool isHigh)
    {
        var precision = moment.Kind switch
        {
            ItemKind.Time => (Precision)((asked ?? 9) + (int)Values.Precision.Day),
            ItemKind.Date => (Precision)(asked ?? (int)Values.Precision.Day),
            _ => (Precision)(asked ?? (int)Values.Precision.Fraction)
        };
        if (!Enum.IsDefined(precision) || (moment.Kind == ItemKind.Date && precision > Values.Precision.Day)) return default;
        var edge = isHigh ? Math.Max(moment.EndTicks - TimeSpan.TicksPerMillisecond, moment.Ticks) : moment.Ticks;
        var offset = moment.HasOffset || moment.Kind != ItemKind.DateTime ? moment.Offset : (short)(isHigh ? -12 * 60 : 14 * 60);
        return Item.Of((moment with { Ticks = edge, Offset = offset, Precision = Values.Precision.Fraction, Digits = 3 }).At(precision));
    }

    private static FhirPathException Unsuitable(string name, in Item value) => new($"`{value.TypeName}` has no `{name}`");
}
